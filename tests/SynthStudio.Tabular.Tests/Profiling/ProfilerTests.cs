using System.Globalization;

namespace SynthStudio.Tabular.Tests.Profiling;

[TestClass]
public sealed class ProfilerTests : FileTest
{
    private TableProfile Profile(string text, SchemaFile? schema = null, ProfileOptions? options = null) =>
        Profiler.Profile(Save(text), schema: schema, options: options);

    [TestMethod]
    public void CountsAndSummarises()
    {
        var profile = Profile("n,c,d\n1,x,2020-01-01\n2,x,2020-01-02\n3,y,2020-01-03\n4,NA,\n4,,\n");
        Assert.AreEqual(5, profile.Rows);
        Assert.AreEqual(0, profile.DuplicateRows);
        var numbers = profile.Columns[0].Numbers!;
        Assert.AreEqual((1, 4, 2.8), (numbers.Minimum, numbers.Maximum, numbers.Mean));
        Assert.AreEqual(1.3038404810405297, numbers.StandardDeviation, 1e-12);
        Assert.AreEqual(3, numbers.Quantiles.Single(q => q.Share == 0.5).Value);
        Assert.AreEqual(5, numbers.Histogram.Sum(b => b.Rows));
        Assert.AreEqual(2, numbers.Histogram[^1].Rows);
        Assert.AreEqual(new TopValue("4", 2), profile.Columns[0].TopValues![0]);
        Assert.AreEqual((2, 2), (profile.Columns[1].Missing, profile.Columns[1].Distinct));
        Assert.AreEqual(new TopValue("x", 2), profile.Columns[1].TopValues![0]);
        Assert.AreEqual("2020-01-03", profile.Columns[2].Numbers!.MaximumText);
        Assert.AreEqual(2, profile.Columns[2].Missing);
    }

    [TestMethod]
    [DataRow("1.5\n2.5\n2.5\n1e200\n", 2.5e199, 5e199)]
    [DataRow("1.7e308\n-1.7e308\n0.5\n0.5\n1.7e308\n-1.7e308\n", 0.0, 1.52052622469986e308)]
    public void NumbersWhoseSquaresAreTooLargeAreSummarised(string lines, double mean, double deviation)
    {
        var profile = TableProfile.FromJson(Profile("n\n" + lines).ToJson());
        var numbers = profile.Columns[0].Numbers!;
        Assert.AreEqual(mean, numbers.Mean, 1e-9 * deviation);
        Assert.AreEqual(deviation, numbers.StandardDeviation, 1e-9 * deviation);
        Assert.AreEqual(profile.Rows, numbers.Histogram.Sum(bin => bin.Rows));
        Assert.IsTrue(numbers.Histogram.All(bin => bin.From < bin.To));
    }

    [TestMethod]
    public void CountsDuplicateRows() => Assert.AreEqual(2, Profile("a,b\n1,x\n1,x\n1,y\n1,x\n").DuplicateRows);

    [TestMethod]
    public void TrimsCellsBeforeItCountsThem()
    {
        var column = Profile("a,b\nx ,1\n x,1\nx,1\ny,1\n").Columns[0];
        Assert.AreEqual(2, column.Distinct);
        Assert.AreEqual(new TopValue("x", 3), column.TopValues![0]);
    }

    [TestMethod]
    public void CorrelatesNumbers()
    {
        var rows = Enumerable.Range(0, 300).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i % 17},{-2 * (i % 17) + 5},{i * 37 % 101},k,7"));
        var matrix = Profile("a,b,c,d,e\n" + string.Join("\n", rows)).Correlations!;
        CollectionAssert.AreEqual(new[] { "a", "b", "c", "e" }, matrix.Columns.ToArray());
        Assert.AreEqual(-1, matrix.Values[0][1]!.Value, 1e-12);
        Assert.AreEqual(1, matrix.Values[2][2]!.Value, 1e-12);
        Assert.IsLessThan(0.2, Math.Abs(matrix.Values[0][2]!.Value));
        Assert.IsNull(matrix.Values[0][3]);
        Assert.AreEqual(300, matrix.Rows);
    }

    [TestMethod]
    public void NeverShowsValuesOfPersonalData()
    {
        var rows = Enumerable.Range(0, 100).Select(i => $"person{i % 9}@example.org,1{i % 10}0-45-6789,{i % 7}{i % 10}55512340{i % 10},Anna{i % 5},19{i % 10}1-02-03,red");
        var profile = Profile("contact,code,phone_number,first_name,birth_date,colour\n" + string.Join("\n", rows));
        PersonalDataKind[] expected =
        [
            PersonalDataKind.Email, PersonalDataKind.SocialSecurityNumber, PersonalDataKind.Phone, PersonalDataKind.PersonName,
            PersonalDataKind.BirthDate,
        ];
        for (var i = 0; i < expected.Length; i++)
        {
            var column = profile.Columns[i];
            Assert.AreEqual(expected[i], column.PersonalData.Single().Kind, column.Name);
            Assert.IsTrue(column.ValuesWithheld && column.TopValues is null && column.Numbers is null, column.Name);
        }

        var json = profile.ToJson();
        foreach (var secret in new[] { "person1", "45-6789", "5551234", "Anna", "02-03" })
        {
            Assert.DoesNotContain(secret, json);
        }

        Assert.Contains("red", json);
    }

    [TestMethod]
    public void KeepsTheFirstRowsAsTheyStand()
    {
        var preview = new TablePreview();
        var path = Save("a,b\n01,\n" + string.Join('\n', Enumerable.Range(0, 100).Select(i => $"{i},{new string('x', 300)}")) + "\n");
        Profiler.Profile(path, options: new ProfileOptions { Preview = preview });
        Assert.HasCount(TablePreview.MostRows, preview.Rows);
        Assert.AreEqual("a b", string.Join(' ', preview.Columns));
        Assert.AreEqual(("01", (string?)null, 201), (preview.Rows[0][0], preview.Rows[0][1], preview.Rows[1][1]!.Length));
        Assert.Contains("\"rows\":[[\"01\",null]", preview.ToJson());
    }

    [TestMethod]
    public void NeverShowsKeysAndFreeText()
    {
        var rows = Enumerable.Range(0, 200).Select(i => $"K{i:D6},words {i} and {i * 7919 % 1009} more words in a row");
        foreach (var column in Profile("key,remark\n" + string.Join("\n", rows)).Columns)
        {
            Assert.IsTrue(column.ValuesWithheld && column.TopValues is null, column.Name);
            Assert.IsGreaterThan(6.9, column.Lengths!.Mean);
        }
    }

    [TestMethod]
    public void AgreesWithTheReaderAboutKinds()
    {
        foreach (var name in RealTables.Cases.Select(c => (string)c[0]))
        {
            var table = TableReader.Read(RealTables.Data(name));
            var profile = Profiler.Profile(RealTables.Data(name));
            Assert.AreEqual(table.RowCount, profile.Rows);
            foreach (var (column, summary) in table.Columns.Zip(profile.Columns))
            {
                Assert.AreEqual((column.Schema.Kind, column.Schema.Format, column.Schema.DecimalPlaces), (summary.Kind, summary.Format, summary.DecimalPlaces));
                Assert.AreEqual(Enumerable.Range(0, column.Count).Count(column.IsMissing), summary.Missing, column.Name);
                if (column is NumericColumn numbers && summary.Numbers is { } found)
                {
                    var present = numbers.Values.Where(v => !double.IsNaN(v)).ToArray();
                    Assert.AreEqual(present.Average(), found.Mean, Math.Abs(found.Mean) * 1e-9, column.Name);
                    Assert.AreEqual(present.Min(), found.Minimum);
                    Assert.AreEqual(present.Distinct().Count(), summary.Distinct, column.Name);
                }
            }
        }
    }

    [TestMethod]
    public void SamplesQuantilesOfVeryManyValues()
    {
        var rows = Enumerable.Range(0, 20_000).Select(i => (i * 7919L % 100_003).ToString(CultureInfo.InvariantCulture));
        var numbers = Profile(Lines(rows), options: new ProfileOptions { QuantileValues = 2000 }).Columns[0].Numbers!;
        Assert.IsTrue(numbers.Sampled);
        Assert.AreEqual(50_000, numbers.Quantiles.Single(q => q.Share == 0.5).Value, 5000);
    }

    [TestMethod]
    public void ProfilesFiveThousandColumns()
    {
        var names = string.Join(",", Enumerable.Range(0, 5000).Select(i => $"c{i}"));
        var rows = Enumerable.Range(0, 20).Select(r => string.Join(",", Enumerable.Range(0, 5000).Select(i => i % 7 * r)));
        Assert.HasCount(5000, Profile($"{names}\n{string.Join("\n", rows)}\n").Columns);
    }

    [TestMethod]
    [DataRow(3), DataRow(300)]
    public void AgreesInMemoryAndOnDisk(int columns)
    {
        string[] cells = ["7", "NA", " x ", "x", "", "2.5", "a text that is longer than twelve bytes", "8", " 8"];
        var names = string.Join(",", Enumerable.Range(0, columns).Select(i => $"c{i}"));
        var rows = Enumerable.Range(0, 60).Select(r => string.Join(",", Enumerable.Range(0, columns).Select(i => cells[r * (i + 2) % (i % 9 + 1)])));
        var text = $"{names}\n{string.Join("\n", rows)}\n";
        var memory = Profile(text, options: new ProfileOptions());
        var disk = Profile(text, options: new ProfileOptions { CountedBytes = 0 });
        Assert.AreEqual((memory.Rows, memory.DuplicateRows), (disk.Rows, disk.DuplicateRows));
        for (var i = 0; i < columns; i++)
        {
            var (a, b) = (memory.Columns[i], disk.Columns[i]);
            Assert.AreEqual((a.Kind, a.Missing, a.Distinct, a.Lengths), (b.Kind, b.Missing, b.Distinct, b.Lengths), a.Name);
            CollectionAssert.AreEqual(a.TopValues?.ToList(), b.TopValues?.ToList(), a.Name);
            Assert.AreEqual(a.Numbers?.Mean ?? 0, b.Numbers?.Mean ?? 0, 1e-9, a.Name);
        }
    }

    [TestMethod]
    public void CountsMoreTextsThanFitIntoMemory()
    {
        const int Rows = 60_000;
        var lines = Enumerable.Range(0, Rows).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"{i % 50_000 * 3},K{i % 40_000:D6} and a tail beyond twelve bytes,{(i % 3 == 0 ? "" : "x")},{i % 2_000}"));
        var profile = Profile($"n,code,c,m\n{string.Join("\n", lines)}\n", options: new ProfileOptions { CountedBytes = 1_000_000, CorrelatedRows = 5_000 });
        CollectionAssert.AreEqual(new long[] { 50_000, 40_000, 1, 2_000 }, profile.Columns.Select(c => c.Distinct).ToList());
        CollectionAssert.AreEqual(new long[] { 0, 0, Rows / 3, 0 }, profile.Columns.Select(c => c.Missing).ToList());
        Assert.AreEqual(new TopValue("x", Rows * 2 / 3), profile.Columns[2].TopValues![0]);
        Assert.AreEqual(30, profile.Columns[3].TopValues![0].Rows);
        Assert.AreEqual((0, 149_997), (profile.Columns[0].Numbers!.Minimum, profile.Columns[0].Numbers!.Maximum));
        Assert.AreEqual(0, profile.DuplicateRows);
        Assert.IsInRange(2_000, 6_000, profile.Correlations!.Rows);
    }

    [TestMethod]
    public void CountsRepeatedRowsBeyondMemory()
    {
        var lines = Enumerable.Range(0, 50_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i % 30_000},{(i % 7 == 0 ? "" : "y")}"));
        var expected = 50_000 - lines.Distinct().Count();
        var profile = Profile($"a,b\n{string.Join("\n", lines)}\n", options: new ProfileOptions { CountedBytes = 100_000 });
        Assert.AreEqual(expected, profile.DuplicateRows);
    }

    [TestMethod]
    [DataRow("z,c\n1,2\nold,3\n", """{"columns": {"z": "numerical"}}""", 2)]
    [DataRow("z,c\n1,2\n2,3\n2.5,3\n", """{"columns": {"z": "integer"}}""", 3)]
    [DataRow("z,c\n2020-01-01,2\nsoon,3\n", """{"columns": {"z": "date"}}""", 2)]
    [DataRow("z,c\nyes,2\nno,3\nmaybe,3\n", """{"columns": {"z": "boolean"}}""", 3)]
    public void RefusesValuesThatAreNotWhatTheSchemaSays(string text, string schema, int row)
    {
        var refusal = Refused(TableError.InvalidValue, () => Profile(text, SchemaFile.Parse(schema)));
        Assert.AreEqual(("z", (long?)row), (refusal.Column, refusal.Row));
    }

    [TestMethod]
    public void ProfilesAllMissingAndConstantColumns()
    {
        var profile = Profile("a,b,c\n,5,x\n,5,x\n");
        Assert.AreEqual((2, 0), (profile.Columns[0].Missing, profile.Columns[0].Distinct));
        Assert.AreEqual(0, profile.Columns[1].Numbers!.StandardDeviation);
        Assert.HasCount(1, profile.Columns[1].Numbers!.Histogram);
        Assert.IsNull(profile.Correlations);
    }

    [TestMethod]
    public void RefusesAHeaderWithoutRows() => Refused(TableError.NoRows, () => Profile("a,b\n"));

    [TestMethod]
    public void SurvivesItsJson()
    {
        var profile = Profile("n,c\n1.5,x\n2,y\n");
        var again = TableProfile.FromJson(profile.ToJson());
        Assert.AreEqual(profile.ToJson(), again.ToJson());
        StringAssert.Contains(profile.ToJson(), "\"duplicate_rows\":0");
    }

    [TestMethod]
    public void UsesTheSchema()
    {
        var profile = Profile("z,i\n007,1\n008,2\n", SchemaFile.Parse("""{"columns": {"z": "numerical", "i": "ignored"}}"""));
        Assert.AreEqual(8, profile.Columns[0].Numbers!.Maximum);
        Assert.AreEqual(ColumnKind.Ignored, profile.Columns[1].Kind);
        Assert.IsNull(profile.Columns[1].TopValues);
    }
}
