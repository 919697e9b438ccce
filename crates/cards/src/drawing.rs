//! Flat pictures of simple SVG shapes. In: SVG text with `path`, `rect` and `circle` elements whose class names a tone: `a` (main colour), `b`
//! (its tint), `c` (ink) or `d` (paper). Out: filled shapes. Understands no other element and draws nothing.

/// Elements of a picture that are drawn; more are left out.
const MAX_SHAPES: usize = 64;

/// Characters of a path that are read.
const MAX_PATH: usize = 4096;

/// How far from the centre the control points of a quarter of a circle lie, for a radius of 1.
const CIRCLE: f32 = 0.552_284_8;

/// A place, in pixels or in units of a picture; y downwards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Point {
    pub x: f32,
    pub y: f32,
}

/// A piece of an outline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Segment {
    /// From one point to another.
    Line(Point, Point),
    /// A quadratic curve with its control point in the middle.
    Quad(Point, Point, Point),
    /// A cubic curve with two control points in the middle.
    Cubic([Point; 4]),
}

impl Segment {
    /// The last point.
    pub fn end(&self) -> Point {
        match self {
            Segment::Line(_, to) | Segment::Quad(_, _, to) | Segment::Cubic([.., to]) => *to,
        }
    }

    /// The segment with each point moved.
    pub fn map(&self, f: impl Fn(Point) -> Point) -> Self {
        match *self {
            Segment::Line(a, b) => Segment::Line(f(a), f(b)),
            Segment::Quad(a, b, c) => Segment::Quad(f(a), f(b), f(c)),
            Segment::Cubic(points) => Segment::Cubic(points.map(f)),
        }
    }
}

/// A tone of a picture, which the colours of a card or page fill in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// `a`
    Main,
    /// `b`
    Tint,
    /// `c`
    Ink,
    /// `d`
    Paper,
}

/// A filled shape.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Shape {
    pub tone: Tone,
    pub outline: Vec<Segment>,
}

/// A picture in a square of 64 units.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    pub(crate) shapes: Vec<Shape>,
}

/// Width and height of pictures in their own units (`viewBox="0 0 64 64"`).
pub(crate) const DRAWING_SIZE: f32 = 64.0;

impl Drawing {
    /// Reads the shapes of an SVG text. Elements that it does not know are left out, so the result may have no shapes.
    pub fn from_svg(svg: &str) -> Self {
        let elements = svg.split('<').skip(1).filter_map(|element| element.split('>').next());
        Self { shapes: elements.filter_map(shape).take(MAX_SHAPES).collect() }
    }

    /// The number of its shapes.
    pub fn len(&self) -> usize {
        self.shapes.len()
    }

    /// Whether there is nothing to draw.
    pub fn is_empty(&self) -> bool {
        self.shapes.is_empty()
    }
}

fn shape(element: &str) -> Option<Shape> {
    let tone = match attribute(element, "class")? {
        "a" => Tone::Main,
        "b" => Tone::Tint,
        "c" => Tone::Ink,
        "d" => Tone::Paper,
        _ => return None,
    };
    let number = |name| attribute(element, name).and_then(|value| value.parse::<f32>().ok()).filter(|n| n.abs() < 1e4);
    let name = element.split(|c: char| c.is_whitespace() || c == '/').next()?;
    let outline = match name {
        "path" => path(attribute(element, "d").filter(|d| d.len() <= MAX_PATH)?)?,
        "circle" => {
            let r = number("r")?;
            let (x, y) = (number("cx").unwrap_or(0.0) - r, number("cy").unwrap_or(0.0) - r);
            rounded(Point { x, y }, Point { x: x + 2.0 * r, y: y + 2.0 * r }, r)
        }
        "rect" => {
            let (x, y) = (number("x").unwrap_or(0.0), number("y").unwrap_or(0.0));
            let (width, height) = (number("width")?, number("height")?);
            let r = number("rx").unwrap_or(0.0).min(width / 2.0).min(height / 2.0);
            rounded(Point { x, y }, Point { x: x + width, y: y + height }, r)
        }
        _ => return None,
    };
    Some(Shape { tone, outline })
}

fn attribute<'e>(element: &'e str, name: &str) -> Option<&'e str> {
    let mut rest = element;
    loop {
        let at = rest.find(name)?;
        let before = rest[..at].chars().next_back();
        let after = rest[at + name.len()..].trim_start();
        rest = &rest[at + name.len()..];
        if before.is_some_and(char::is_whitespace)
            && let Some(value) = after.strip_prefix('=')
        {
            let value = value.trim_start();
            let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            return value[1..].split(quote).next();
        }
    }
}

/// A rectangle with round corners of radius `r`.
fn rounded(low: Point, high: Point, r: f32) -> Vec<Segment> {
    let k = r * (1.0 - CIRCLE);
    let p = |x, y| Point { x, y };
    // Of each corner, clockwise: where it begins, its two control points, where it ends.
    let corners = [
        [p(high.x - r, low.y), p(high.x - k, low.y), p(high.x, low.y + k), p(high.x, low.y + r)],
        [p(high.x, high.y - r), p(high.x, high.y - k), p(high.x - k, high.y), p(high.x - r, high.y)],
        [p(low.x + r, high.y), p(low.x + k, high.y), p(low.x, high.y - k), p(low.x, high.y - r)],
        [p(low.x, low.y + r), p(low.x, low.y + k), p(low.x + k, low.y), p(low.x + r, low.y)],
    ];
    let mut out = Vec::with_capacity(8);
    let mut pen = p(low.x + r, low.y);
    for corner in corners {
        out.push(Segment::Line(pen, corner[0]));
        if r > 0.0 {
            out.push(Segment::Cubic(corner));
        }
        pen = corner[3];
    }
    out
}

/// The segments of path data with the commands M, L, H, V, C, S, Q and Z, absolute or relative. `None` if it has others.
fn path(data: &str) -> Option<Vec<Segment>> {
    let mut reader = PathReader { rest: data, pen: Point { x: 0.0, y: 0.0 }, relative: false };
    let (mut out, mut start, mut command) = (Vec::new(), reader.pen, ' ');
    loop {
        reader.skip_separators();
        let Some(next) = reader.rest.chars().next() else { break };
        if next.is_ascii_alphabetic() {
            command = next;
            reader.rest = &reader.rest[1..];
        }
        reader.relative = command.is_ascii_lowercase();
        let pen = reader.pen;
        match command.to_ascii_uppercase() {
            'M' => {
                close(pen, start, &mut out);
                start = reader.point()?;
                reader.pen = start;
                // Further pairs are lines.
                command = if reader.relative { 'l' } else { 'L' };
                continue;
            }
            'L' => out.push(Segment::Line(pen, reader.point()?)),
            'H' => out.push(Segment::Line(pen, Point { x: reader.coordinate(pen.x)?, y: pen.y })),
            'V' => out.push(Segment::Line(pen, Point { x: pen.x, y: reader.coordinate(pen.y)? })),
            'Q' => out.push(Segment::Quad(pen, reader.point()?, reader.point()?)),
            'C' => out.push(Segment::Cubic([pen, reader.point()?, reader.point()?, reader.point()?])),
            'S' => {
                let first = mirrored(out.last(), pen);
                out.push(Segment::Cubic([pen, first, reader.point()?, reader.point()?]));
            }
            'Z' => {
                close(pen, start, &mut out);
                reader.pen = start;
                // Only a command may follow.
                command = ' ';
                continue;
            }
            _ => return None,
        }
        reader.pen = out.last().map_or(pen, Segment::end);
    }
    close(reader.pen, start, &mut out);
    Some(out)
}

/// The first control point of a smooth curve: the last one of the curve before it, mirrored at the pen.
fn mirrored(before: Option<&Segment>, pen: Point) -> Point {
    match before {
        Some(Segment::Cubic([_, _, control, _])) => Point { x: 2.0 * pen.x - control.x, y: 2.0 * pen.y - control.y },
        _ => pen,
    }
}

fn close(pen: Point, start: Point, out: &mut Vec<Segment>) {
    if pen != start {
        out.push(Segment::Line(pen, start));
    }
}

struct PathReader<'d> {
    rest: &'d str,
    pen: Point,
    relative: bool,
}

impl PathReader<'_> {
    fn skip_separators(&mut self) {
        self.rest = self.rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
    }

    /// A number, to which `base` is added in relative commands. A sign or a second point begins the next one.
    fn coordinate(&mut self, base: f32) -> Option<f32> {
        self.skip_separators();
        let mut has_point = false;
        let is_part = |(at, c): &(usize, char)| match c {
            '0'..='9' => true,
            '-' => *at == 0,
            '.' => !std::mem::replace(&mut has_point, true),
            _ => false,
        };
        let length = self.rest.char_indices().take_while(is_part).count();
        let (number, rest) = self.rest.split_at(length);
        self.rest = rest;
        let number = number.parse::<f32>().ok().filter(|n| n.abs() < 1e4)?;
        Some(if self.relative { base + number } else { number })
    }

    fn point(&mut self) -> Option<Point> {
        Some(Point { x: self.coordinate(self.pen.x)?, y: self.coordinate(self.pen.y)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(svg: &str) -> Vec<(f32, f32)> {
        let drawing = Drawing::from_svg(svg);
        drawing.shapes.iter().flat_map(|shape| shape.outline.iter().map(|s| (s.end().x, s.end().y))).collect()
    }

    #[test]
    fn paths_are_read_with_relative_and_absolute_commands() {
        assert_eq!(
            ends(r#"<svg><path class="a" d="M1 2h3v4l-1-2Q1,1 5.5.5zm1 1L9 9"/></svg>"#),
            [(4., 2.), (4., 6.), (3., 4.), (5.5, 0.5), (1., 2.), (9., 9.), (2., 3.)]
        );
        let smooth = Drawing::from_svg(r#"<path class="a" d="M0 0c1 2 3 4 5 5s3 4 5 5"/>"#);
        let p = |x, y| Point { x, y };
        assert_eq!(smooth.shapes[0].outline[1], Segment::Cubic([p(5., 5.), p(7., 6.), p(8., 9.), p(10., 10.)]));
        // What is not understood is left out whole.
        assert_eq!(ends(r#"<path class="a" d="M1 2A3 3 0 0 1 4 4"/>"#), []);
        assert_eq!(ends(r#"<path class="a" d="M1 2L 3"/><path d="M1 2h3"/>"#), []);
        assert_eq!(ends(r#"<path class="a" d="M1 2h3z 4"/>"#), []);
    }

    #[test]
    fn circles_and_rectangles_are_closed_outlines() {
        for svg in [
            r#"<circle class="b" cx="32" cy="32" r="10"/>"#,
            r#"<rect class="c" x="2" y="3" width="20" height="10" rx="3"/>"#,
            r#"<rect class="d" x="2" y="3" width="20" height="10"/>"#,
        ] {
            let drawing = Drawing::from_svg(svg);
            let outline = &drawing.shapes[0].outline;
            let first = match outline[0] {
                Segment::Line(from, _) => from,
                _ => panic!("a line is first"),
            };
            assert_eq!(outline.last().unwrap().end(), first, "{svg}");
        }
    }

    #[test]
    fn hostile_pictures_are_bounded() {
        let many = r#"<rect class="a" width="1" height="1"/>"#.repeat(5000);
        assert_eq!(Drawing::from_svg(&many).shapes.len(), MAX_SHAPES);
        let long = format!(r#"<path class="a" d="M0 0{}"/>"#, "h1".repeat(5000));
        assert!(Drawing::from_svg(&long).is_empty());
        assert!(
            Drawing::from_svg(r#"<rect class="a" width="1e30" height="1"/><circle class="a" r="NaN"/>"#).is_empty()
        );
        for text in [
            "<",
            "<path class=",
            "<path class=\"a\" d=\"M",
            "<rect class='a",
            "class=\"a\"",
            "<path class=\"a\" d=\"M0 0é\"/>",
        ] {
            assert!(Drawing::from_svg(text).is_empty(), "{text}");
        }
    }
}
