using System.Globalization;
using System.Text.RegularExpressions;

namespace SynthStudio.EndToEnd.Tests;

/// <summary>A table that looks odd and is learned all the same.</summary>
/// <param name="Name">What is odd about it.</param>
/// <param name="Csv">Its text.</param>
/// <param name="IsRight">Whether a drawn row, cut into cells, could come from such a table.</param>
internal sealed partial record OddTable(string Name, string Csv, Func<string[], bool> IsRight)
{
    private const int Rows = 300;
    private const int WideColumns = 1_000;

    public static IReadOnlyList<OddTable> All { get; } =
    [
        new("one-column", Table("age", i => $"{i * 37 % 60}"), row => row is [var age] && Number(age) is >= 0 and < 60),
        new(
            "odd-columns",
            Table(
                "age,town,year,empty,na,mixed,note,infinite,day",
                i => string.Join(
                    ',',
                    i * 37 % 60, "Graz", 2024, "", "NA",
                    Pick(i, "12", "abc", "2020-01-01", "true", "3.5"),
                    $"note {i} of person {i * 7919 % 1000}",
                    Pick(i, "1.5", "2.5", "inf", "-Infinity", "3e400"),
                    Pick(i, "0000-01-01", "0001-01-01", "9999-12-31", "2020-02-29"))),
            row => row is
                [
                    _, "Graz", "2024", "", "",
                    "12" or "abc" or "2020-01-01" or "true" or "3.5",
                    var note,
                    "1.5" or "2.5" or "",
                    "0000-01-01" or "0001-01-01" or "9999-12-31" or "2020-02-29",
                ]
                && ShapeOfNote().IsMatch(note)),
        new(
            "a-cell-of-10-MB",
            Table("v,text", i => i == 100 ? $"1,{new string('y', 10_000_000)}" : $"{i % 3},{Pick(i, "x", "z")}"),
            row => row is ["0" or "1" or "2", "x" or "z"]),
        new(
            "many-columns",
            Table(
                string.Join(',', Enumerable.Range(0, WideColumns).Select(c => $"c{c}")),
                i => string.Join(',', Enumerable.Range(0, WideColumns).Select(c => (i * (c + 3) + i / 7) % 2)),
                rows: 40),
            row => row.Length == WideColumns && row.All(cell => cell is "0" or "1")),
    ];

    private static string Table(string header, Func<int, string> row, int rows = Rows) =>
        header + "\n" + string.Concat(Enumerable.Range(0, rows).Select(i => row(i) + "\n"));

    private static string Pick(int row, params string[] values) => values[row * 7 / 3 % values.Length];

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>Texts that are all distinct are invented in the shape they share.</summary>
    [GeneratedRegex(@"^note \d{1,3} of person \d{1,3}$")]
    private static partial Regex ShapeOfNote();
}
