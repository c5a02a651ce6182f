using SynthStudio.Synthesis.Conditions;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Mixed;
using SynthStudio.Synthesis.Private;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests;

[TestClass]
public sealed class CodecTests
{
    private static readonly SeededStream Random = new(3, StreamPurpose.Codec, 500);

    [TestMethod]
    public void Frequent_categories_come_back_and_rare_ones_never()
    {
        var texts = Enumerable.Repeat("often", 100).Concat(Enumerable.Repeat("sometimes", 20)).Concat(["one", "two", "two", null]).ToArray();
        var column = TestTables.Coded("c", ColumnKind.Categorical, texts);
        var codec = CategoryCodec.Fit(column, threshold: 5)!;
        CollectionAssert.AreEqual(new[] { "often", "sometimes" }, codec.Categories);
        Assert.AreEqual(3, codec.RareCount);
        var cells = codec.Encode(column);
        var back = (CodedColumn)codec.Decode(cells.AsSpan(0, 120), Random, 0, 0);
        for (var row = 0; row < 120; row++) Assert.AreEqual(texts[row], back.Text(row));
        Assert.IsFalse(codec.Layout.Drawable[cells[120]]);
        Assert.IsTrue(codec.Layout.Drawable[cells[123]]);
        Assert.IsTrue(codec.Decode(cells.AsSpan(123, 1), Random, 0, 0).IsMissing(0));
    }

    [TestMethod]
    public void Many_rare_categories_are_as_likely_as_they_were_and_are_invented_in_their_shapes()
    {
        var random = new SeededStream(8, StreamPurpose.Codec, 1);
        // Zipf's law over codes: a third of the rows have one that fewer than five share.
        var texts = Enumerable.Range(0, 20_000).Select(_ => $"{"KLM"[random.NextInt(3)]}-{(int)Math.Pow(90_000, random.NextDouble()) * 7919 % 99_991:D5}").ToArray();
        var column = TestTables.Coded("code", ColumnKind.Categorical, texts);
        var codec = CategoryCodec.Fit(column, threshold: 5)!;
        var rare = codec.RareCount / 20_000.0;
        Assert.IsGreaterThan(0.2, rare);
        var table = TestTables.Make(column, TestTables.Coded("side", ColumnKind.Categorical, texts.Select(text => text[..1])));
        using var model = Methods.Fit("independent", table);
        var drawn = Methods.Draw(model, 20_000).Texts("code").ToList();

        var known = texts.ToHashSet();
        Assert.AreEqual(rare, drawn.Share(text => !codec.Categories.Contains(text)), 0.05);
        Assert.IsTrue(drawn.All(text => System.Text.RegularExpressions.Regex.IsMatch(text!, "^[A-Z]-[0-9]{5}$")));
        Assert.IsLessThan(0.15, drawn.Where(text => !codec.Categories.Contains(text)).Share(text => known.Contains(text!)), "Met by chance, of ten times as many possible ones.");
        Assert.AreEqual(texts.GroupBy(t => t).Max(g => g.Count()) / 20_000.0, drawn.GroupBy(t => t).Max(g => g.Count()) / 20_000.0, 0.01, "Frequent ones do not take their place.");
    }

    [TestMethod]
    public void Names_without_a_shape_become_words_and_combinations_are_never_made_up()
    {
        var names = Enumerable.Range(0, 2_000).Select(i => i % 4 == 0 ? $"Österreich {new string((char)('a' + i % 26), 1 + i % 31)} {i}" : "Wien").ToArray();
        var codec = CategoryCodec.Fit(TestTables.Coded("c", ColumnKind.Categorical, names), threshold: 5)!;
        Assert.IsTrue(codec.Layout.Drawable[codec.RareCell]);
        ushort[] cells = [(ushort)codec.RareCell, 0];
        var drawn = (CodedColumn)codec.Decode(cells, Random, 0, 0);
        Assert.DoesNotContain(drawn.Text(0)!, names);
        Assert.AreEqual("Wien", drawn.Text(1));
        Assert.AreEqual(drawn.Text(0), ((CodedColumn)codec.Decode(cells, Random, 0, 0)).Text(0), "The same seed, the same text.");

        var joined = CategoryCodec.Fit(TestTables.Coded("c", ColumnKind.Categorical, names.Select(name => $"{name}\u001Fx")), threshold: 5)!;
        Assert.IsFalse(joined.Layout.Drawable[joined.RareCell]);
    }

    [TestMethod]
    public void Frequent_categories_beyond_those_with_cells_come_out_in_their_shares_and_can_be_asked_for()
    {
        // 2,000 of 24 rows each, 1,000 of 12, 1,000 of one.
        string[] values = [.. Enumerable.Range(0, 4_000).Select(i => i < 2_000 ? $"top {i:D4}" : i < 3_000 ? $"further {i - 2_000:D3}" : $"rare {i - 3_000:D3}")];
        int[] codes = [.. Enumerable.Range(0, 61_000).Select(row => row < 48_000 ? row / 24 : row < 60_000 ? 2_000 + ((row - 48_000) / 12) : row - 57_000)];
        var column = new CodedColumn(new() { Name = "c", Kind = ColumnKind.Categorical }, codes, values);
        var table = TestTables.Make(column, TestTables.Coded("d", ColumnKind.Categorical, codes.Select(code => values[code][..1])));
        using var fitted = Methods.Fit("independent", table);
        using var package = AutoregressiveTests.Save(fitted);
        using var model = Synthesizers.Load(package, Device.Cpu);
        var drawn = Methods.Draw(model, 100_000).Texts("c");
        Assert.AreEqual(13.0 / 61, drawn.Share(text => text!.StartsWith("further", StringComparison.Ordinal)), 0.01);
        Assert.HasCount(1_000, drawn.Where(text => text!.StartsWith("further", StringComparison.Ordinal)).Distinct(), "all of them");
        Assert.IsEmpty(drawn.Except(values[..3_000]), "rare ones are too few to be invented");

        Assert.IsTrue(Methods.Draw(model, 50, 1, ("c", "further 007")).Texts("c").All(text => text == "further 007"));
        Assert.AreEqual(24.0 / 13_000, CategoryCodec.Fit(column, threshold: 5)!.Admit(Condition.OneOf("further 007", "further 008")).Shares[^1], 1e-9);
        Assert.AreEqual(SynthesisError.ImpossibleCondition, Assert.ThrowsExactly<SynthesisException>(() => Methods.Draw(model, 5, 1, ("c", "rare 000"))).Error);
    }

    [TestMethod]
    public void Real_rows_get_frequent_categories_without_cells_and_no_invented_ones()
    {
        // 2,000 of eight rows each, 500 of seven, and 3,000 codes of one.
        var top = Enumerable.Range(0, 2_000).SelectMany(i => Enumerable.Repeat($"top {i:D4}", 8));
        var further = Enumerable.Range(0, 500).SelectMany(i => Enumerable.Repeat($"further {i:D3}", 7));
        var rare = Enumerable.Range(0, 3_000).Select(i => $"R-{1_000_000 + (i * 2_999)}");
        var column = TestTables.Coded("c", ColumnKind.Categorical, [.. top, .. further, .. rare]);
        var codec = CategoryCodec.Fit(column, threshold: 5)!;
        ushort[] cells = [.. Enumerable.Repeat((ushort)codec.RareCell, 2_000)];
        Assert.IsFalse(AreFurther(codec.Decode(cells, Random, 0, 1)), "Some are invented.");
        Assert.IsTrue(AreFurther(codec.WithoutInvented.Decode(cells, Random, 0, 1)));
        var mixed = new CellColumn(codec);
        Assert.IsTrue(mixed.DrawablePresent[codec.RareCell]);
        Assert.IsTrue(AreFurther(mixed.WithoutInvented.Decode(cells, null, Random, 0, 1)));

        var few = CategoryCodec.Fit(column.Take([.. Enumerable.Range(0, 800), .. Enumerable.Range(19_500, 3_000)]), threshold: 5)!;
        Assert.IsTrue(few.Layout.Drawable[few.RareCell] && !few.WithoutInvented.Layout.Drawable[few.RareCell]);
        Assert.IsFalse(new CellColumn(few).DrawablePresent[few.RareCell]);

        static bool AreFurther(Column decoded) => Enumerable.Range(0, decoded.Count)
            .All(row => ((CodedColumn)decoded).Text(row)!.StartsWith("further", StringComparison.Ordinal));
    }

    [TestMethod]
    public void A_boolean_keeps_its_two_values_however_rare()
    {
        var column = TestTables.Coded("b", ColumnKind.Boolean, Enumerable.Repeat("no", 99).Append("yes"));
        CollectionAssert.AreEqual(new[] { "no", "yes" }, CategoryCodec.Fit(column, threshold: 7)!.Categories);
    }

    [TestMethod]
    public void A_column_of_few_values_is_reproduced_exactly()
    {
        var column = TestTables.Numbers("n", ColumnKind.Integer, Enumerable.Range(0, 3_000).Select(i => (double)(i % 50)));
        var codec = NumericCodec.Fit(column, threshold: 5);
        var back = (NumericColumn)codec.Decode(codec.Encode(column), Random, 0, 0);
        CollectionAssert.AreEqual(column.Values, back.Values);
    }

    [TestMethod]
    public void A_continuous_column_comes_back_in_distribution_and_its_spike_exactly()
    {
        var values = Enumerable.Range(0, 20_000).Select(i => i % 4 == 0 ? 0 : Math.Round(Math.Exp(Random.NextGaussian()) * 1_000, 2)).ToArray();
        var column = TestTables.Numbers("amount", ColumnKind.Decimal, values, places: 2);
        var codec = NumericCodec.Fit(column, threshold: 6);
        Assert.IsGreaterThan(0, codec.Layout.FineCount);
        var back = ((NumericColumn)codec.Decode(codec.Encode(column), Random, 0, 0)).Values;
        Assert.AreEqual(values.Count(v => v == 0), back.Count(v => v == 0), 40);
        Array.Sort(values);
        Array.Sort(back);
        // The range right above the spike begins at the spike: its first half per cent is spread, not copied.
        for (var q = 5_200; q < 20_000; q += 200) Assert.AreEqual(values[q], back[q], 0.03 * values[q]);
        Assert.IsTrue(Array.TrueForAll(back, v => Math.Round(v, 2) == v));
        Assert.IsTrue(back[0] >= values[5] && back[^1] <= values[^6], "an extreme value came out");
    }

    [TestMethod]
    public void Every_value_lies_in_the_cell_it_is_encoded_to()
    {
        var values = Enumerable.Range(0, 5_000).Select(i => Math.Round(100 * Random.NextGaussian(), i % 3)).ToArray();
        var codec = NumericCodec.Fit(TestTables.Numbers("x", ColumnKind.Decimal, values), threshold: 5);
        var counts = new long[codec.Cells.Length];
        foreach (var cell in codec.Encode(TestTables.Numbers("x", ColumnKind.Decimal, values))) counts[cell]++;
        for (var cell = 0; cell < counts.Length; cell++) Assert.AreEqual(codec.Cells[cell].Count, counts[cell], 2, $"cell {cell}");
    }

    [TestMethod]
    public void No_rare_value_survives_in_what_a_numeric_codec_keeps()
    {
        // Every value but 10 occurs once or twice and is a secret; knots lie between values.
        var values = Enumerable.Range(0, 400).Select(i => 1_000.5 + 7 * i).Concat(Enumerable.Repeat(10.0, 50)).ToArray();
        var codec = NumericCodec.Fit(TestTables.Numbers("x", ColumnKind.Decimal, values), threshold: 5);
        var atoms = codec.Cells.SelectMany(cell => cell.Pieces).Where(piece => piece.Low == piece.High).ToList();
        Assert.HasCount(1, atoms);
        Assert.AreEqual(10, atoms[0].Low);
        foreach (var cell in codec.Cells) Assert.IsGreaterThanOrEqualTo(5, cell.Count);
    }

    [TestMethod]
    [DataRow(5), DataRow(8), DataRow(9)]
    public void A_few_numbers_among_missing_ones_come_back_as_a_range_that_shows_none_of_them(int present)
    {
        var values = Enumerable.Range(0, 200).Select(i => i < present ? 100.0 + i * i : double.NaN).ToArray();
        var column = TestTables.Numbers("x", ColumnKind.Integer, values);
        var codec = NumericCodec.Fit(column, threshold: 5);
        Assert.AreEqual(200 - present, codec.MissingCount);
        var back = ((NumericColumn)codec.Decode(codec.Encode(column), Random, 0, 0)).Values;
        for (var row = 0; row < 200; row++) Assert.AreEqual(double.IsNaN(values[row]), double.IsNaN(back[row]));
        var shown = back[..present];
        Assert.IsTrue(shown.All(v => v == Math.Round(v) && v > values[0] && v < values[present - 1]), "an extreme value or a fraction came out");
        Assert.AreEqual(values[..present].Average(), shown.Average(), present * present / 4.0);
    }

    [TestMethod]
    public void A_number_that_fewer_rows_hold_than_the_threshold_is_not_shown()
    {
        var column = TestTables.Numbers("x", ColumnKind.Integer, Enumerable.Range(0, 200).Select(i => i < 4 ? 123_456 : double.NaN));
        var codec = NumericCodec.Fit(column, threshold: 5);
        Assert.IsEmpty(codec.Cells);
        Assert.AreEqual(200, codec.MissingCount);
    }

    [TestMethod]
    public void A_grid_does_not_tell_its_smallest_value() => Assert.AreEqual(
        new NumericGrid(0, 100, 0), NumericGrid.Find([12_300, 45_600, 45_700, 99_900], decimalPlaces: 0));

    [TestMethod]
    public void Grids_of_hundreds_and_of_days_are_kept()
    {
        var hundreds = TestTables.Numbers("h", ColumnKind.Integer, Enumerable.Range(0, 5_000).Select(_ => 100.0 * Random.NextInt(3_000)));
        var days = TestTables.Numbers("d", ColumnKind.Date, Enumerable.Range(0, 5_000).Select(_ => 86_400.0 * Random.NextInt(9_000)));
        foreach (var (column, step) in new[] { (hundreds, 100), (days, 86_400) })
        {
            var codec = NumericCodec.Fit(column, threshold: 5);
            foreach (var value in ((NumericColumn)codec.Decode(codec.Encode(column), Random, 0, 0)).Values) Assert.AreEqual(0, value % step);
        }
    }

    [TestMethod]
    [DataRow(1e-20, 1e-18, DisplayName = "charges"), DataRow(1e-9, 3e-8, DisplayName = "lengths"), DataRow(1e-30, 1.0, DisplayName = "p-values")]
    public void Values_far_below_the_ninth_decimal_come_back_in_distribution(double least, double most)
    {
        var values = Enumerable.Range(0, 4_000).Select(_ => least * Math.Pow(most / least, Random.NextDouble())).ToArray();
        var column = TestTables.Numbers("x", ColumnKind.Decimal, values);
        var codec = NumericCodec.Fit(column, threshold: 5);
        var back = ((NumericColumn)codec.Decode(codec.Encode(column), Random, 0, 0)).Values;
        Assert.IsGreaterThan(3_900, back.Distinct().Count());
        Array.Sort(values);
        Array.Sort(back);
        var range = Math.Log(most / least);
        for (var q = 100; q < 4_000; q += 100) Assert.AreEqual(Math.Log(values[q]), Math.Log(back[q]), 0.02 * range);
        Assert.IsTrue(Array.TrueForAll(values[10..^10], value => double.IsFinite(codec.LogShare(value))));
    }

    [TestMethod]
    public void Small_differences_of_large_values_are_kept()
    {
        var values = Enumerable.Range(0, 400).Select(i => 273.15 + i * 1.237e-10).ToArray();
        var column = TestTables.Numbers("kelvin", ColumnKind.Decimal, values);
        var codec = NumericCodec.Fit(column, threshold: 5);
        Assert.IsGreaterThan(300, ((NumericColumn)codec.Decode(codec.Encode(column), Random, 0, 0)).Values.Distinct().Count());
    }

    [TestMethod]
    public void Columns_of_up_to_nine_decimals_keep_their_grid()
    {
        Assert.AreEqual(new NumericGrid(0, 1 / 1e9, 9), NumericGrid.Find([1e-9, 2e-9, 5e-9], decimalPlaces: null));
        Assert.AreEqual(new NumericGrid(0, 0.1, 1), NumericGrid.Find([-0.1, 5.551115123125783e-17, 0.2, 0.30000000000000004], decimalPlaces: null), "what floating point leaves of a zero is one");
        Assert.AreEqual(9, NumericGrid.Find([0.1234567890123, 0.5, 0.7777777777777], decimalPlaces: null).Decimals);
        Assert.AreEqual(9, NumericGrid.Find([.. Enumerable.Range(0, 300).Select(i => i == 0 ? 1.2345678e-7 : i / 7.0)], decimalPlaces: null).Decimals, "one is near zero by chance");
        Assert.AreEqual(new NumericGrid(0, 0, 0), NumericGrid.Find([1e200, 3e250, 1e300], decimalPlaces: null));
    }

    [TestMethod]
    public void A_large_value_with_a_fraction_has_a_likelihood()
    {
        var values = Enumerable.Range(0, 400).Select(i => 1e12 + i * 1_370_000.2831).ToArray();
        var codec = NumericCodec.Fit(TestTables.Numbers("x", ColumnKind.Decimal, values, places: 4), threshold: 5);
        Assert.AreEqual(0, codec.Grid.Step);
        Assert.IsTrue(Array.TrueForAll(values[10..^10], value => double.IsFinite(codec.LogShare(value))));
    }

    [TestMethod]
    public void Declared_numbers_without_places_keep_values_of_any_size()
    {
        var domain = new ColumnDomain { Kind = ColumnKind.Decimal, Min = 0, Max = 1e-20 };
        Assert.AreEqual(3.7e-21, DeclaredCodec.Grid(domain).Snap(3.7e-21));
        Assert.AreEqual(15, DeclaredCodec.Grid(domain with { Max = 100 }).Decimals);
    }

    [TestMethod]
    public void Identifiers_are_fresh_distinct_and_of_the_same_shape()
    {
        var source = Enumerable.Range(0, 900).Select(i => $"C-{i:D4}").ToArray();
        var codec = LearnedKeys.Of(TestTables.Coded("id", ColumnKind.Identifier, source), threshold: 5);
        var keys = Enumerable.Range(0, 5).SelectMany(block => Texts((CodedColumn)codec.Decode(new ushort[4_000], Random, block * 4_000, 7))).ToList();
        Assert.HasCount(20_000, keys.Distinct());
        Assert.IsEmpty(keys.Intersect(source));
        // The fresh prefix leaves two free digits here; later keys are longer than any of the source.
        Assert.IsTrue(keys.Take(100).All(key => key.Length == 6 && key.StartsWith("C-", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Hexadecimal_identifiers_stay_hexadecimal()
    {
        var source = Enumerable.Range(0, 300).Select(_ => Convert.ToHexStringLower(BitConverter.GetBytes(Random.NextBits()))).ToArray();
        var codec = LearnedKeys.Of(TestTables.Coded("id", ColumnKind.Identifier, source), threshold: 5);
        var keys = Texts((CodedColumn)codec.Decode(new ushort[1_000], Random, 0, 7)).ToList();
        Assert.IsTrue(keys.TrueForAll(key => key.Length == 16 && key.All(char.IsAsciiHexDigitLower)));
        Assert.HasCount(1_000, keys.Distinct());
    }

    [TestMethod]
    public void Text_is_made_up()
    {
        var source = Enumerable.Range(0, 200).Select(i => $"patient {i} has secret number {i * 31}").ToArray();
        var codec = TextCodec.Fit(TestTables.Coded("note", ColumnKind.Text, source), threshold: 1);
        var texts = Texts((CodedColumn)codec.Decode(new ushort[200], Random, 0, 7)).ToList();
        Assert.IsTrue(texts.TrueForAll(text => text.Split(' ').Length == 6));
        var words = source.SelectMany(text => text.Split(' ')).ToHashSet();
        Assert.IsFalse(texts.SelectMany(text => text.Split(' ')).Any(word => word.Length > 3 && words.Contains(word)));
    }

    [TestMethod]
    public void Lengths_that_few_texts_share_are_not_kept()
    {
        string[] source =
        [
            .. Enumerable.Repeat("five words of some length", 200), string.Concat(Enumerable.Repeat("extraordinarily ", 40)), "one",
            .. Enumerable.Range(0, 30).Select(i => string.Concat(Enumerable.Repeat("ab ", 10 + i))),
        ];
        var codec = TextCodec.Fit(TestTables.Coded("note", ColumnKind.Text, source), threshold: 7);
        Assert.AreEqual(source.Length, codec.WordCounts.Sum());
        Assert.IsTrue(codec.WordCounts.Concat(codec.WordLengths).All(count => count is 0 or >= 7));
        Assert.AreEqual(201, codec.WordCounts[4], "the one of one word counts with them");
        Assert.IsTrue(
            TextCodec.Fit(TestTables.Coded("note", ColumnKind.Text, ["one text", null, "and one more text"]), threshold: 7)
                is { WordCounts: [2, ..], PresentCount: 2, MissingCount: 1 });
    }

    private static IEnumerable<string> Texts(CodedColumn column) => Enumerable.Range(0, column.Count).Select(row => column.Text(row)!);
}
