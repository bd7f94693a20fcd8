"""Reads a TensorBoard event file without TensorFlow and prints what is in it, a line per value; any error of framing,
check values or fields ends it with status 1. tests/callbacks/tensorboard_log.cpp compares the lines.

CRC-32C is computed bit by bit, pictures are decoded with Python's zlib: nothing is taken over from lamina.
"""
import struct
import sys
import zlib


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def masked(data):
    crc = crc32c(data)
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


def records(data):
    at = 0
    while at < len(data):
        header, (check,) = data[at:at + 8], struct.unpack_from('<I', data, at + 8)
        assert masked(header) == check, 'the length of a record is damaged'
        (size,) = struct.unpack('<Q', header)
        content = data[at + 12:at + 12 + size]
        assert len(content) == size, 'the file is cut off'
        assert masked(content) == struct.unpack_from('<I', data, at + 12 + size)[0], 'a record is damaged'
        yield content
        at += 16 + size


def varint(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if not data[at - 1] & 0x80:
            return value, at


def fields(data):
    at, found = 0, {}
    while at < len(data):
        key, at = varint(data, at)
        number, kind = key >> 3, key & 7
        if kind == 0:
            value, at = varint(data, at)
        elif kind == 1:
            value, at = struct.unpack_from('<d', data, at)[0], at + 8
        elif kind == 5:
            value, at = struct.unpack_from('<f', data, at)[0], at + 4
        else:
            assert kind == 2, 'an unknown kind of field'
            size, at = varint(data, at)
            value, at = data[at:at + size], at + size
            assert len(value) == size, 'a field is cut off'
        assert number not in found, 'a field stands twice'
        found[number] = value
    return found


def pixels(png):
    """The bytes of a PNG whose lines have filter 0 or 2."""
    assert png[:8] == b'\x89PNG\r\n\x1a\n', 'no PNG'
    at, packed = 8, b''
    while at < len(png):
        (size,), kind = struct.unpack_from('>I', png, at), png[at + 4:at + 8]
        content = png[at + 8:at + 8 + size]
        assert struct.unpack_from('>I', png, at + 8 + size)[0] == zlib.crc32(kind + content)
        if kind == b'IHDR':
            width, height, depth, color = struct.unpack_from('>IIBB', content)
            assert depth == 8
        if kind == b'IDAT':
            packed += content
        at += 12 + size
    line = width * {0: 1, 2: 3, 4: 2, 6: 4}[color]
    raw, above, out = zlib.decompress(packed), bytes(line), b''
    for h in range(height):
        kind, row = raw[h * (line + 1)], raw[h * (line + 1) + 1:(h + 1) * (line + 1)]
        assert kind in (0, 2)
        above = row if kind == 0 else bytes((a + b) & 255 for a, b in zip(row, above))
        out += above
    return height, width, color, out


def main(path):
    with open(path, 'rb') as file:
        events = [fields(content) for content in records(file.read())]
    assert events[0][3] == b'brain.Event:2' and 5 not in events[0]
    times = [event[1] for event in events]
    assert times == sorted(times) and times[0] > 1.5e9
    for event in events[1:]:
        assert set(event) <= {1, 2, 5}
        value = fields(fields(event[5])[1])
        tag, step = value[1].decode(), event.get(2, 0)
        if 2 in value:
            print(step, tag, repr(value[2]))
        else:
            image = fields(value[4])
            height, width, color, data = pixels(image[4])
            assert (height, width) == (image[1], image[2])
            assert {1: 0, 2: 4, 3: 2, 4: 6}[image[3]] == color
            print(step, tag, height, width, image[3], data.hex())


try:
    main(sys.argv[1])
except AssertionError as error:
    sys.exit('read_events.py: %s' % error)
