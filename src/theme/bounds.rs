//! Bounds of rendering: how much a template may write, and how many steps of `range` it may take, so that a template of a site cannot
//! fill the memory or keep a build for hours. In: what a template writes and calls. Out: the bytes, or an error.

use std::cell::Cell;
use std::io::{self, Write};

use tera::{Error, Kwargs, State, Tera, TeraResult};

/// Most bytes of one rendered template. The limit of the settings (`limits.output`) is lower.
pub(super) const MAX_BYTES: usize = 64 << 20;
/// Most numbers that all calls of `range` in one rendered template give together.
const MAX_RANGE: u64 = 1_000_000;

thread_local! {
    /// Numbers that the template which is being rendered on this thread may still ask of `range`.
    static RANGE_LEFT: Cell<u64> = const { Cell::new(MAX_RANGE) };
}

/// Replaces the function `range` by one whose numbers are counted.
pub(super) fn register(tera: &mut Tera) {
    tera.register_function("range", range);
}

fn range(kwargs: Kwargs, _: &State) -> TeraResult<Vec<i128>> {
    let start = kwargs.get::<i128>("start")?.unwrap_or_default();
    let end = kwargs.must_get::<i128>("end")?;
    let step = kwargs.get::<i128>("step_by")?.unwrap_or(1);
    let overflow = || Error::message("Function `range` was called with arguments that overflow i128");
    if step == 0 {
        return Err(Error::message("Function `range` was called with a `step_by` argument of 0"));
    }
    if start > end && step > 0 {
        return Err(Error::message("Function `range` was called with a `start` argument greater than the `end` one"));
    }
    let span = if step > 0 { end.checked_sub(start) } else { start.checked_sub(end) }.ok_or_else(overflow)?.max(0);
    let width = step.checked_abs().ok_or_else(overflow)?;
    let count = span / width + i128::from(span % width != 0);
    let left = RANGE_LEFT.get();
    let count = u64::try_from(count).ok().filter(|count| *count <= left);
    let Some(count) = count else {
        return Err(Error::message(format!(
            "Function `range` was asked for more than {MAX_RANGE} numbers while one template was rendered"
        )));
    };
    RANGE_LEFT.set(left - count);
    Ok((0..count).map(|at| start + i128::from(at) * step).collect())
}

/// Gives a template its steps, and those of the template around it back when it is dropped.
pub(super) struct Steps {
    outer: u64,
}

impl Steps {
    pub(super) fn begin() -> Steps {
        Steps { outer: RANGE_LEFT.replace(MAX_RANGE) }
    }
}

impl Drop for Steps {
    fn drop(&mut self) {
        RANGE_LEFT.set(self.outer);
    }
}

/// Collects what a template writes, up to [`MAX_BYTES`].
pub(super) struct BoundedOutput {
    bytes: Vec<u8>,
    most: usize,
}

impl BoundedOutput {
    pub(super) fn new(typical: usize, most: usize) -> BoundedOutput {
        BoundedOutput { bytes: Vec::with_capacity(typical), most }
    }

    /// The bytes; `None` if the template wrote more than it may.
    pub(super) fn finish(self) -> Option<Vec<u8>> {
        (self.bytes.len() <= self.most).then_some(self.bytes)
    }

    pub(super) fn is_full(&self) -> bool {
        self.bytes.len() > self.most
    }
}

impl Write for BoundedOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.is_full() || self.bytes.len() + bytes.len() > self.most {
            // One byte too many says that there was more.
            self.bytes.resize(self.most + 1, 0);
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tera::Context;

    /// What a template gives, with at most this much output.
    fn render(template: &str, most: usize) -> Result<usize, String> {
        let mut tera = Tera::default();
        register(&mut tera);
        tera.add_raw_template("a", template).unwrap();
        let _steps = Steps::begin();
        let mut out = BoundedOutput::new(16, most);
        let done = tera.render_to("a", &Context::new(), &mut out);
        match out.finish() {
            None => Err("too large".into()),
            Some(bytes) => done.map(|()| bytes.len()).map_err(|error| error.to_string()),
        }
    }

    #[test]
    fn loops_and_output_are_bounded() {
        assert_eq!(render("{% for i in range(end=1000) %}x{% endfor %}", 1000), Ok(1000));
        assert_eq!(render("{% for i in range(start=9, end=0, step_by=-2) %}{{ i }}{% endfor %}", 1000), Ok(5));
        assert_eq!(render("{% for i in range(end=1001) %}x{% endfor %}", 1000), Err("too large".into()));
        let endless = "{% for i in range(end=1000000000000) %}{% endfor %}";
        assert!(render(endless, 10).unwrap_err().contains("more than 1000000 numbers"));
        let nested = "{% for i in range(end=2000) %}{% for j in range(end=2000) %}{% endfor %}{% endfor %}";
        assert!(render(nested, 10).unwrap_err().contains("more than 1000000 numbers"));
    }
}
