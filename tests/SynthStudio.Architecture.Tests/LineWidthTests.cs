namespace SynthStudio.Architecture.Tests;

/// <summary>The rule about wide lines finds them, and lets off those that are wide for a text.</summary>
[TestClass]
public sealed class LineWidthTests
{
    private static readonly string Wide = new('x', LineWidth.Widest + 1);

    [TestMethod]
    public void A_wide_line_is_found_where_it_stands()
    {
        string[] lines = ["var a = 1;", Wide, Wide[1..], $"Call({Wide}, \"text\");"];

        Found(lines, (2, LineWidth.Widest + 1), (4, lines[3].Length));
    }

    [TestMethod]
    public void A_line_that_is_wide_for_its_literals_alone_is_let_off() =>
        Found([$"Call(\"{Wide}\", \"\\\"{Wide}\");", $"Call(\"\"\"\"a \"\"\" {Wide}\"\"\"\");", $"Call(@\"{Wide} \"\"quoted\"\"\");"]);

    [TestMethod]
    public void A_raw_literal_is_let_off_and_what_follows_it_is_not() =>
        Found(
            ["Call(\"\"\"\"", Wide, $"    \"\"\"{Wide}", Wide, $"    \"\"\"\", {Wide});", "Call(\"\"\"one line\"\"\");", Wide],
            (5, LineWidth.Widest + 13), (7, LineWidth.Widest + 1));

    private static void Found(string[] lines, params (int Line, int Columns)[] expected) =>
        CollectionAssert.AreEqual(expected, LineWidth.TooWide(lines).ToArray());
}
