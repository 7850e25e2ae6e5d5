"""The parts that HTTP and socket doors of all houses share. Knows no feature."""
