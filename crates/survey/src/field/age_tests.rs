//! Tests of the age format against files of the reference implementation in Rust (age 0.11.5).

use super::*;

/// AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX
const IDENTITY: [u8; 32] = [0x42; 32];
/// 知识产权 sealed by age to that key, with a stanza of a type that nobody knows.
const BY_AGE: &str = "6167652d656e6372797074696f6e2e6f72672f76310a2d3e2058323535313920656c4630473061744e746a4279735561687965744546594b575363564f36696a4e5861344a4958792b6d6b0a2b772f565633713674425170426b76396b366935346d62666b396e30334a32385253302b33436a6a7370550a2d3e205e345172592d677265617365204e79492024667e405a43202f5d2b0a52734930655a6f4a2f69436b31635143502f373858434a6f7735352f39776178706a3153564c786e5235736941654962423768646562564857786b5064374f690a467a5a4b6f4d5071313438385379622f7a42313078436a6b3271512b724d695154767749764c3046414f546b584d38347163652f7950757a6a410a2d2d2d206878725967636d6f697663416d36594e50695a56674c79646a543963646c56336563394e36796d6e6830770a8d0a91db0de4308fe27aee1bec0fe96baeb7298523612b2a48a40cb67fa5ef6082663f24abe9487a2c4511c5";
/// The same of an empty text.
const EMPTY_BY_AGE: &str = "6167652d656e6372797074696f6e2e6f72672f76310a2d3e2058323535313920336f7271557a6b51583853775450544f592b7a6955344757335374412b5069795447504d6f54726c43676f0a4c3944764458486d346c765555394d6738564e446e657a5953637861505977304b7375777149733532506f0a2d3e20566d432d677265617365206248395c20233f3b36620a6235524f7567667a4a385448713162686b4b746c513676726c4a434e546646706f626370546e474843317145333233746878566932385467465a43584e7473380a796b694b4931770a2d2d2d207a71776659466e3247487537515a585964612b72653178323054323657614a77637a7279335768722f77590a4c82a21f8d4ab5fc6d53f7a6f243888f03f1cc45bbe49c91621a45a47c73768d";
/// 知识产权 sealed by this file with fixed secrets; age opened it.
const FIXED: &str = "6167652d656e6372797074696f6e2e6f72672f76310a2d3e20583235353139204537355036757279424d66394d316a386e41427947494852644365424b434a2b786e547a66332f706532300a33456e7a43486a64763647576c652f574f6554517672575944784842674969456f7078486a70672f7652590a2d2d2d207939302b384a53584e76776332317a614e3373776b7842564838476f4d4c48753338695932656e6f66616b0a0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b8d71b58e5211c209d73002d342b13ed7f191e1f5607d4bc95d1b11a9";

fn bytes(hex: &str) -> Vec<u8> {
    hex::decode(hex).unwrap()
}

#[test]
fn files_of_age_are_opened() {
    assert_eq!(open(&bytes(BY_AGE), &IDENTITY).unwrap(), "知识产权".as_bytes());
    assert_eq!(open(&bytes(EMPTY_BY_AGE), &IDENTITY).unwrap(), b"");
}

#[test]
fn a_sealed_file_is_what_age_opened() {
    let secrets = Secrets { ephemeral: [7; 32], file_key: [9; FILE_KEY], nonce: [11; 16] };
    let sealed = seal_with("知识产权".as_bytes(), &recipient_of(&IDENTITY), secrets).unwrap();
    assert_eq!(hex::encode(sealed), FIXED);
}

#[test]
fn texts_of_all_lengths_are_opened_with_their_key_only() {
    let recipient = recipient_of(&IDENTITY);
    for length in [0, 1, 1023, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK] {
        let plain: Vec<u8> = (0..length).map(|n| n as u8).collect();
        let sealed = seal(&plain, &recipient).unwrap();
        assert_eq!(open(&sealed, &IDENTITY).unwrap(), plain, "{length}");
        assert_eq!(open(&sealed, &[0x43; 32]), Err(OpenError::OtherKey));
    }
    assert_ne!(seal(b"a", &recipient), seal(b"a", &recipient));
    assert_eq!(seal(b"a", &[0; 32]), None, "a key of low order seals nothing");
}

#[test]
fn every_altered_or_missing_byte_is_found() {
    let sealed = seal(&[5; 40], &recipient_of(&IDENTITY)).unwrap();
    for at in 0..sealed.len() {
        let mut altered = sealed.clone();
        altered[at] ^= 1;
        assert!(open(&altered, &IDENTITY).is_err(), "byte {at}");
        assert!(open(&sealed[..at], &IDENTITY).is_err(), "cut at {at}");
    }
    let longer = [&sealed[..], b"x"].concat();
    assert_eq!(open(&longer, &IDENTITY), Err(OpenError::Damaged));
    // A whole chunk that is cut off, and chunks in another order.
    let two = seal(&vec![1; CHUNK + 10], &recipient_of(&IDENTITY)).unwrap();
    assert_eq!(open(&two[..two.len() - 10 - TAG], &IDENTITY), Err(OpenError::Damaged));
}

#[test]
fn hostile_headers_end_soon() {
    let long = [&b"age-encryption.org/v1\n-> X25519 "[..], &b"A".repeat(1 << 20)].concat();
    let many = [&b"age-encryption.org/v1\n"[..], &b"-> x\n\n".repeat(100_000)].concat();
    for bad in [&b""[..], b"age-encryption.org/v1", b"age-encryption.org/v1\n\xff\n", &long, &many] {
        assert_eq!(open(bad, &IDENTITY), Err(OpenError::Damaged));
    }
}
