using SynthStudio.Synthesis.Operations;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.Constraints;

/// <summary>Moments come out with an offset from UTC that fits them.</summary>
[TestClass]
public sealed class ZonedMomentTests
{
    private const int Rows = 3_000;
    private const double Day = 86_400;

    /// <summary>When summer time began and ended in Berlin, in 2023 and 2024.</summary>
    private static readonly double[] Changes = [1_679_792_400, 1_698_541_200, 1_711_846_800, 1_729_990_800];

    private static readonly ColumnSchema Seen = new() { Name = "seen", Kind = ColumnKind.DateTime, Format = "yyyy-MM-ddTHH:mm:sszzz" };

    [TestMethod]
    public void In_a_zone_with_summer_time_the_offset_follows_the_moment()
    {
        var table = TestTables.Make(Berlin("seen", Moments(1)));
        using var model = Methods.Fit("independent", table);
        var drawn = Methods.Draw(model, Rows);
        CheckBerlin((NumericColumn)drawn["seen"]);
        Assert.AreEqual(Share((NumericColumn)table["seen"], 120), Share((NumericColumn)drawn["seen"], 120), 0.03);

        using var package = AutoregressiveTests.Save(model);
        using var loaded = Synthesizers.Load(package, Device.Cpu);
        Assert.AreEqual(Written(drawn), Written(Methods.Draw(loaded, Rows)));
    }

    [TestMethod]
    public void Cells_are_moments_as_the_source_writes_them()
    {
        using var model = Methods.Fit("independent", TestTables.Make(Berlin("seen", Moments(1))));
        var drawn = Methods.Draw(model, 500);
        foreach (var (cell, moment) in Written(drawn).Split('\n')[1..^1].Zip(drawn.Values("seen")))
        {
            Assert.MatchesRegex(@"^202[34]-\d\d-\d\dT\d\d:\d\d:00\+0[12]:00$", cell);
            Assert.AreEqual(moment, DateTimeOffset.Parse(cell, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeSeconds());
        }
    }

    [TestMethod]
    public void Where_the_moment_does_not_tell_the_offset_it_goes_with_the_other_columns()
    {
        var random = new SeededStream(1, StreamPurpose.Codec, 801);
        var moments = Moments(2);
        string[] cities = [.. moments.Select(_ => random.NextInt(4) == 0 ? "Tokyo" : "New York")];
        short[] offsets = [.. cities.Select(city => (short)(city == "Tokyo" ? 540 : -300))];
        for (var row = 0; row < 3; row++) offsets[row] = 345;
        for (var row = 10; row < Rows; row += 10) moments[row] = double.NaN;
        var table = TestTables.Make(new NumericColumn(Seen, moments) { Offsets = offsets }, TestTables.Coded("city", ColumnKind.Categorical, cities));
        using var model = Methods.Fit("cart", table);
        var drawn = Methods.Draw(model, Rows);
        var seen = (NumericColumn)drawn["seen"];
        CollectionAssert.AreEqual(new[] { "seen", "city" }, drawn.Columns.Select(column => column.Name).ToArray());
        Assert.AreEqual(0.1, seen.Values.Share(double.IsNaN), 0.02);
        int[] present = [.. Enumerable.Range(0, Rows).Where(row => !seen.IsMissing(row))];
        Assert.IsTrue(Array.TrueForAll(present, row => seen.OffsetOf(row) is 540 or -300), "an offset of three rows comes out for none");
        Assert.IsGreaterThan(0.97, present.Share(row => seen.OffsetOf(row) == (drawn.Texts("city")[row] == "Tokyo" ? 540 : -300)));
        Assert.AreEqual(0.25, present.Share(row => seen.OffsetOf(row) == 540), 0.03);
    }

    [TestMethod]
    public void A_moment_that_follows_another_has_its_own_offset_and_a_copy_its_originals()
    {
        var starts = Moments(3);
        var random = new SeededStream(1, StreamPurpose.Codec, 802);
        var table = TestTables.Make(Berlin("seen", starts), Berlin("left", [.. starts.Select(start => start + (60 * (1 + random.NextInt(40))))]), Berlin("copied", starts));
        using var model = Methods.Fit("independent", table);
        var drawn = Methods.Draw(model, Rows);
        CheckBerlin((NumericColumn)drawn["left"]);
        CheckBerlin((NumericColumn)drawn["copied"]);
        CollectionAssert.AreEqual(drawn.Values("seen"), drawn.Values("copied"));
        Assert.IsTrue(drawn.Values("left").Zip(drawn.Values("seen"), (left, seen) => left - seen).All(stay => stay is >= 60 and <= 2_400));
    }

    [TestMethod]
    public void Filled_moments_have_an_offset_and_known_ones_keep_theirs()
    {
        var moments = Moments(4);
        var table = TestTables.Make(Berlin("seen", moments), TestTables.Coded("flag", ColumnKind.Boolean, moments.Select(moment => OffsetIn(moment) == 120 ? "yes" : "no")));
        using var model = AutoregressiveTests.Fit(table, steps: 100);
        var known = Berlin("seen", [.. moments.Select((moment, row) => row % 3 == 0 ? double.NaN : moment)]);
        var filled = (NumericColumn)model.Require<IImputer>().Impute(TestTables.Make(known, table["flag"]), 1, CancellationToken.None)["seen"];
        Assert.IsFalse(filled.Values.Any(double.IsNaN));
        CheckBerlin(filled);
        for (var row = 1; row < Rows; row += 3) Assert.AreEqual((known.Values[row], known.OffsetOf(row)), (filled.Values[row], filled.OffsetOf(row)));
    }

    [TestMethod]
    public void A_moment_is_predicted_without_its_own_offset()
    {
        var random = new SeededStream(1, StreamPurpose.Codec, 803);
        var moments = Moments(6);
        short[] offsets = [.. moments.Select(moment => (short)(random.NextInt(10) > 0 == moment < 1_704_110_400 ? 540 : -300))];
        var flags = TestTables.Coded("flag", ColumnKind.Boolean, moments.Select(_ => random.NextInt(2) == 0 ? "yes" : "no"));
        using var model = AutoregressiveTests.Fit(TestTables.Make(new NumericColumn(Seen, moments) { Offsets = offsets }, flags), steps: 100);
        var rows = new NumericColumn(Seen, moments[..20]) { Offsets = offsets[..20] };
        var predictor = model.Require<IPredictor>();
        var told = predictor.Predict(TestTables.Make(rows, flags.Take(Enumerable.Range(0, 20).ToArray())), "seen", [0.5], CancellationToken.None);
        var untold = predictor.Predict(TestTables.Make(flags.Take(Enumerable.Range(0, 20).ToArray())), "seen", [0.5], CancellationToken.None);
        CollectionAssert.AreEqual(untold.Select(prediction => prediction.Quantiles[0]).ToArray(), told.Select(prediction => prediction.Quantiles[0]).ToArray());
    }

    [TestMethod]
    public void A_model_that_learned_no_offsets_draws_in_UTC()
    {
        // As all did before offsets were learned: a package of that time knows nothing else.
        using var model = Methods.Fit("independent", TestTables.Make(new NumericColumn(Seen, Moments(5))));
        using var package = AutoregressiveTests.Save(model);
        using var loaded = Synthesizers.Load(package, Device.Cpu);
        var drawn = Methods.Draw(loaded, 100);
        Assert.IsNull(((NumericColumn)drawn["seen"]).Offsets);
        Assert.IsTrue(Written(drawn).Split('\n')[1..^1].All(cell => cell.EndsWith("+00:00", StringComparison.Ordinal)));
    }

    private static double[] Moments(long seed)
    {
        var random = new SeededStream(seed, StreamPurpose.Codec, 800);
        return [.. Enumerable.Range(0, Rows).Select(_ => 1_672_574_400.0 + (60 * random.NextInt(720 * 1_440)))];
    }

    private static NumericColumn Berlin(string name, double[] moments) => new(Seen with { Name = name }, moments) { Offsets = [.. moments.Select(OffsetIn)] };

    private static short OffsetIn(double moment) => (short)(Changes.Count(change => moment >= change) % 2 == 1 ? 120 : 60);

    /// <summary>A day around each change nobody can tell from so few rows.</summary>
    private static void CheckBerlin(NumericColumn column)
    {
        for (var row = 0; row < column.Count; row++)
        {
            var moment = column.Values[row];
            if (!Array.Exists(Changes, change => Math.Abs(moment - change) < Day)) Assert.AreEqual(OffsetIn(moment), column.OffsetOf(row), $"row {row}");
        }
    }

    private static double Share(NumericColumn column, int offset) => column.Offsets!.Share(own => own == offset);

    private static string Written(Table table)
    {
        using var stream = new MemoryStream();
        using (var writer = new TableWriter(stream, table.Schema)) writer.Write(table);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
