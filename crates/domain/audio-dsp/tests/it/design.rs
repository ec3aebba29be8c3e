/// The committed taps are those of the program: nobody edited them, and the program still finds
/// them.
#[test]
fn designing_the_filters_again_gives_the_same_file() {
    assert!(design_filter::source::generate() == include_str!("../../src/prototype.rs"));
}
