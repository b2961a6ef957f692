//! Whether bytes are a JPEG and nothing besides: a whole file of the segments that a picture needs, of a
//! size that a device shrinks to, with nothing in it that tells of the camera, the place or the time.

use protocol::note::PHOTO_SIDE_MAX;

use super::NoteRefusal;

const START: u8 = 0xd8;
const END: u8 = 0xd9;
const SCAN: u8 = 0xda;

/// Walks the file from segment to segment, to its last byte.
pub(super) fn check(bytes: &[u8]) -> Result<(), NoteRefusal> {
    let mut rest = bytes.strip_prefix(&[0xff, START]).ok_or(NoteRefusal::NotJpeg)?;
    let mut has_frame = false;
    let mut has_scan = false;
    loop {
        let marker = match rest {
            [0xff, marker, after @ ..] => {
                rest = after;
                *marker
            }
            _ => return Err(NoteRefusal::NotJpeg),
        };
        match marker {
            // Fill bytes may stand before a marker.
            0xff => {
                rest = &bytes[bytes.len() - rest.len() - 1..];
                continue;
            }
            END if has_frame && has_scan && rest.is_empty() => return Ok(()),
            0x00 | 0x01 | 0xd0..=END => return Err(NoteRefusal::NotJpeg),
            _ => {}
        }
        let length = match rest {
            [high, low, ..] => usize::from(u16::from_be_bytes([*high, *low])),
            _ => return Err(NoteRefusal::NotJpeg),
        };
        let segment = rest.get(2..length).ok_or(NoteRefusal::NotJpeg)?;
        rest = &rest[length..];
        match marker {
            0xe0 if segment.starts_with(b"JFIF\0") => {}
            0xe2 if segment.starts_with(b"ICC_PROFILE\0") => {}
            0xee if segment.starts_with(b"Adobe") => {}
            0xe0..=0xef | 0xfe => return Err(NoteRefusal::Tells),
            0xc4 | 0xc8 | 0xcc => {}
            0xc0..=0xcf => {
                check_sides(segment)?;
                has_frame = true;
            }
            SCAN => {
                has_scan = true;
                rest = after_scan(rest).ok_or(NoteRefusal::NotJpeg)?;
            }
            _ => {}
        }
    }
}

fn check_sides(frame: &[u8]) -> Result<(), NoteRefusal> {
    let [_, a, b, c, d, ..] = frame else { return Err(NoteRefusal::NotJpeg) };
    let sides = [u16::from_be_bytes([*a, *b]), u16::from_be_bytes([*c, *d])];
    let fits = sides.iter().all(|side| (1..=PHOTO_SIDE_MAX).contains(side));
    if fits { Ok(()) } else { Err(NoteRefusal::TooWide) }
}

/// What follows the coded picture: the next marker that is no restart and no coded byte.
fn after_scan(coded: &[u8]) -> Option<&[u8]> {
    let is_marker = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xd0..=0xd7);
    let at = coded.windows(2).position(is_marker)?;
    Some(&coded[at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of these segments, a frame of these sides, and a scan.
    fn file(segments: &[(u8, &[u8])], wide: u16, high: u16) -> Vec<u8> {
        let mut bytes = vec![0xff, START];
        let mut add = |marker: u8, body: &[u8]| {
            let length = u16::try_from(body.len() + 2).expect("a length").to_be_bytes();
            bytes.extend([0xff, marker, length[0], length[1]]);
            bytes.extend(body);
        };
        for (marker, body) in segments {
            add(*marker, body);
        }
        let (high, wide) = (high.to_be_bytes(), wide.to_be_bytes());
        add(0xc0, &[8, high[0], high[1], wide[0], wide[1], 1, 1, 0x11, 0]);
        add(SCAN, &[1, 1, 0, 0, 63, 0]);
        bytes.extend([0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56, 0xff, END]);
        bytes
    }

    #[test]
    fn a_whole_jpeg_of_a_fit_size_is_taken() {
        assert_eq!(check(&file(&[], 1_600, 1_200)), Ok(()));
        assert_eq!(
            check(&file(&[(0xe0, b"JFIF\0\x01\x01"), (0xdb, &[0; 65]), (0xee, b"Adobe\0")], 1, 1)),
            Ok(())
        );
        assert_eq!(check(&file(&[(0xe2, b"ICC_PROFILE\0\x01\x01")], 1_600, 1_600)), Ok(()));
    }

    #[test]
    fn what_tells_of_camera_or_place_is_refused() {
        for told in [
            (0xe1, &b"Exif\0\0"[..]),
            (0xe1, b"http://ns.adobe.com/xap/1.0/\0"),
            (0xfe, b"by me"),
            (0xe2, b"MPF\0"),
        ] {
            assert_eq!(check(&file(&[told], 10, 10)), Err(NoteRefusal::Tells));
        }
    }

    #[test]
    fn what_is_no_whole_jpeg_or_too_large_is_refused() {
        let whole = file(&[], 10, 10);
        for cut in 0..whole.len() {
            assert_eq!(check(&whole[..cut]), Err(NoteRefusal::NotJpeg), "{cut}");
        }
        let mut longer = whole.clone();
        longer.extend(b"<script>");
        assert_eq!(check(&longer), Err(NoteRefusal::NotJpeg));
        assert_eq!(check(b"<html>"), Err(NoteRefusal::NotJpeg));
        assert_eq!(check(b"\x89PNG\r\n\x1a\n"), Err(NoteRefusal::NotJpeg));
        for (wide, high) in [(1_601, 10), (10, 1_601), (0, 10), (65_535, 65_535)] {
            assert_eq!(check(&file(&[], wide, high)), Err(NoteRefusal::TooWide));
        }
    }
}
