//! A small JPEG as a browser's canvas writes one, and what could be hidden in it.

/// The bytes of a grey picture of these sides, with more segments after its head.
#[must_use]
pub fn jpeg(wide: u16, high: u16, more: &[(u8, &[u8])]) -> Vec<u8> {
    let (wide, high) = (wide.to_be_bytes(), high.to_be_bytes());
    let frame = [8, high[0], high[1], wide[0], wide[1], 1, 1, 0x11, 0];
    let mut bytes = vec![0xff, 0xd8];
    let head: [(u8, &[u8]); 1] = [(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")];
    let rest: [(u8, &[u8]); 3] = [(0xdb, &[0; 65]), (0xc0, &frame), (0xda, &[1, 1, 0, 0, 63, 0])];
    for (marker, body) in head.iter().chain(more).chain(&rest) {
        let length = u16::try_from(body.len() + 2).expect("a length").to_be_bytes();
        bytes.extend([0xff, *marker, length[0], length[1]]);
        bytes.extend(*body);
    }
    bytes.extend([0x12, 0xff, 0x00, 0x34, 0xff, 0xd9]);
    bytes
}
