//! The product's reading of base64 against the real `node` and the real `python3`: the same bytes, the same words.

use countersign_core::decode::{node_base64, python_base64, to_hex};
use std::io::Write as _;
use std::process::{Command, Stdio};

const STRINGS: usize = 6_000;

const NODE: &str = "const texts = JSON.parse(require('fs').readFileSync(0, 'utf8'));\
    console.log(JSON.stringify(texts.map((text) => Buffer.from(text, 'base64').toString('hex'))))";

const PYTHON: &str = "
import base64, json, sys
def read(text):
    try:
        return 'bytes ' + base64.b64decode(text).hex()
    except ValueError as error:
        return 'raises ' + str(error)
print(json.dumps([read(text) for text in json.loads(sys.stdin.buffer.read())]))";

/// A generator with a seed, so that a failure comes again: xorshift.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap_or(0) % limit
    }

    fn of(&mut self, choices: &str) -> char {
        let at = self.below(choices.chars().count());
        choices.chars().nth(at).unwrap_or('=')
    }
}

/// Mostly base64, with what goes wrong in secrets: padding anywhere, the other alphabet, white space, control characters,
/// strangers.
fn text(random: &mut Random) -> String {
    const LETTERS: &str = "ABCXYZabcxyz0189+/";
    let strange = random.below(4);
    let length = random.below(if strange == 3 { 8 } else { 48 });
    let mut out = String::new();
    for _ in 0..length {
        let one = match (strange, random.below(10)) {
            (1, 0) | (2 | 3, 0 | 1) => '=',
            (2, 2) => random.of("-_"),
            (2 | 3, 3) => random.of(" \n\r\t"),
            (3, 4) => random.of("\0!#$%&'()*,.:;<>?@[]^`{|}~\"\\\u{7f}"),
            (3, 5) if random.below(4) == 0 => random.of("\u{e9}\u{fc}\u{ff1d}\u{2212}\u{1f511}\u{141}\u{feff}"),
            _ => random.of(LETTERS),
        };
        out.push(one);
    }
    for _ in 0..random.below(4) {
        out.push('=');
    }
    if random.below(8) == 0 {
        out.push('\n');
    }
    out
}

/// What a program makes of the strings, in one process.
fn asked(program: &str, args: &[&str], texts: &[String]) -> Vec<String> {
    let mut child = Command::new(program)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{program} cannot be started: {error}"));
    let mut input = child.stdin.take().expect("its input is piped");
    input.write_all(&serde_json::to_vec(texts).expect("JSON")).expect("it takes the strings");
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{program} ended with {}", output.status);
    serde_json::from_slice(&output.stdout).expect("a list of strings")
}

#[test]
fn base64_is_read_as_node_and_python_read_it() {
    let mut random = Random(0x5eed_c0de_0000_0001);
    let texts: Vec<String> = (0..STRINGS).map(|_| text(&mut random)).collect();
    let node = asked("node", &["-e", NODE], &texts);
    let python = asked("python3", &["-c", PYTHON], &texts);
    assert_eq!((node.len(), python.len()), (texts.len(), texts.len()));
    // Each way of ending has been met often enough to be compared.
    for word in ["bytes ", "raises Incorrect padding", "raises Invalid base64", "raises string argument"] {
        let met = python.iter().filter(|said| said.starts_with(word)).count();
        assert!(met > 30, "“{word}…” was met {met} times only");
    }
    let mut wrong = Vec::new();
    for ((text, node), python) in texts.iter().zip(&node).zip(&python) {
        let ours = to_hex(&node_base64(text));
        if ours != *node {
            wrong.push(format!("{text:?}: Node reads {node}, we {ours}"));
        }
        let ours = match python_base64(text) {
            Ok(bytes) => format!("bytes {}", to_hex(&bytes)),
            Err(error) => format!("raises {error}"),
        };
        if ours != *python {
            wrong.push(format!("{text:?}: Python {python}, we {ours}"));
        }
    }
    let shown: Vec<&String> = wrong.iter().take(20).collect();
    assert!(wrong.is_empty(), "{} of {STRINGS} differ: {shown:#?}", wrong.len());
}
