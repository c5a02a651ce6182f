using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.Encoding;

/// <summary>A CSV file with the traits of real tables comes out of a model, learned with inferred kinds, as valid as it went in.</summary>
[TestClass]
public sealed class ValidOutputTests
{
    private const int Rows = 4_000;

    private static readonly (string Name, string Spelling)[] Columns =
    [
        ("row_id", @"^[1-9]\d*$"), ("zip", @"^0?\d{4}$"), ("price", @"^\d+\.\d\d$"), ("rooms", @"^\d+\.0$"), ("rate", @"^(0|[1-9]\d*)(\.\d{1,3})?$"),
        ("born", @"^\d\d\.\d\d\.\d{4}$"), ("seen", @"^\d{4}-\d\d-\d\dT\d\d:\d\d:00\+02:00$"), ("opens", @"^\d\d:[0134][05]$"),
        ("member", "^(ja|nein)$"), ("lat", @"^-?\d{1,2}\.\d{1,5}$"), ("label", "^(Büro- u\\./o\\. Haus|\"Ost, West\"|unbebaut)$"), ("all_same", "^x$"),
        // Once the keys behind the fresh prefix are used up, keys are longer by a digit.
        ("order_no", @"^ORD-\d{6}-[A-F]\d?$"), ("phone", @"^\+43 660 \d{7}$"),
    ];

    [TestMethod]
    public void Types_ranges_spellings_missing_values_and_keys_are_right()
    {
        var folder = Directory.CreateTempSubdirectory("valid-output-");
        try
        {
            var (source, drawnFile) = (Path.Combine(folder.FullName, "source.csv"), Path.Combine(folder.FullName, "drawn.csv"));
            File.WriteAllText(source, Source());
            var train = TableReader.Read(source);
            using var model = Methods.Fit("independent", train);
            var drawn = Methods.Draw(model, Rows);
            TableWriter.Write(drawn, drawnFile);
            Check(train, drawn, File.ReadAllLines(source), File.ReadAllLines(drawnFile));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Check(Table train, Table drawn, string[] sourceLines, string[] drawnLines)
    {
        Assert.AreEqual(sourceLines[0], drawnLines[0]);
        string[][] before = Cells(sourceLines), after = Cells(drawnLines);
        for (var c = 0; c < Columns.Length; c++)
        {
            var (name, spelling) = Columns[c];
            var pattern = new Regex(spelling);
            foreach (var row in before) Assert.IsTrue(row[c].Length == 0 || pattern.IsMatch(row[c]), $"the test's own {name}: {row[c]}");
            foreach (var row in after) Assert.IsTrue(row[c].Length == 0 || pattern.IsMatch(row[c]), $"{name}: {row[c]}");
            Assert.AreEqual(before.Share(row => row[c].Length == 0), after.Share(row => row[c].Length == 0), 0.02, name);
            if (train.Columns[c] is NumericColumn numbers)
            {
                var seen = numbers.Values.Where(double.IsFinite).ToArray();
                Assert.IsTrue(drawn.Values(name).Where(double.IsFinite).All(v => v >= seen.Min() && v <= seen.Max()), name);
            }
        }

        foreach (var key in new[] { 0, 12 })
        {
            Assert.HasCount(Rows, after.Select(row => row[key]).Distinct());
            Assert.IsEmpty(after.Select(row => row[key]).Intersect(before.Select(row => row[key])));
        }
    }

    private static string[][] Cells(string[] lines) =>
        [.. lines.Skip(1).Select(line => Regex.Matches(line, "(?:^|,)(\"[^\"]*\"|[^,]*)").Select(m => m.Groups[1].Value).ToArray())];

    private static string Source()
    {
        var random = new SeededStream(4, StreamPurpose.Codec, 42);
        var text = new StringBuilder(string.Join(',', Columns.Select(c => c.Name))).Append('\n');
        for (var i = 0; i < Rows; i++)
        {
            var day = new DateTime(1960, 1, 1).AddDays(random.NextInt(15_000));
            var seen = new DateTime(2024, 4, 1).AddMinutes(random.NextInt(200_000));
            var label = random.NextInt(3) switch { 0 => "Büro- u./o. Haus", 1 => "\"Ost, West\"", _ => "unbebaut" };
            text.Append(CultureInfo.InvariantCulture, $"{i + 1},{(random.NextInt(2) == 0 ? "0" : "")}{1010 + (10 * random.NextInt(9))},");
            text.Append(CultureInfo.InvariantCulture, $"{Math.Exp(3 + random.NextGaussian()):0.00},{1 + random.NextInt(9)}.0,");
            text.Append(random.NextInt(10) < 3 ? "" : (random.NextInt(3_000) / 1000.0).ToString("0.###", CultureInfo.InvariantCulture)).Append(',');
            text.Append(random.NextInt(10) == 0 ? "" : day.ToString("dd.MM.yyyy", CultureInfo.InvariantCulture));
            text.Append(CultureInfo.InvariantCulture, $",{seen:yyyy-MM-ddTHH:mm}:00+02:00,{6 + random.NextInt(6):00}:{15 * random.NextInt(4):00},");
            text.Append(CultureInfo.InvariantCulture, $"{(random.NextInt(4) == 0 ? "ja" : "nein")},{48 + random.NextDouble():0.00000},{label},x,");
            text.Append(CultureInfo.InvariantCulture, $"ORD-{i * 7919 % 1_000_000:000000}-{(char)('A' + random.NextInt(6))},");
            text.Append(random.NextInt(5) == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"+43 660 {random.NextInt(10_000_000):0000000}")).Append('\n');
        }

        return text.ToString();
    }
}
