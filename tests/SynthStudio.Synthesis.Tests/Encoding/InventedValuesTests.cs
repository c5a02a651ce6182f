using SynthStudio.Synthesis.Conditions;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.Encoding;

[TestClass]
public sealed class InventedValuesTests
{
    private static readonly SeededStream Random = new(3, StreamPurpose.Codec, 501);

    [TestMethod]
    public void Numbers_that_count_rows_stay_numbers_and_are_new_and_distinct()
    {
        var source = Enumerable.Range(1, 6_433).Select(i => $"{i}").ToArray();
        var keys = Decode(LearnedKeys.Of(TestTables.Coded("id", ColumnKind.Identifier, source), threshold: 6), 20_000);
        Assert.HasCount(20_000, keys.Distinct());
        Assert.IsEmpty(keys.Intersect(source));
        Assert.IsTrue(keys.TrueForAll(key => key.All(char.IsAsciiDigit) && key[0] != '0' && key.Length is 4 or 5 or 6));
    }

    [TestMethod]
    public void Uuids_keep_their_version_and_variant()
    {
        var source = Enumerable.Range(0, 2_000).Select(i => new Mock.FakeValues("en", 9).Text(ValueClass.Uuid, i)).ToArray();
        var keys = Decode(LearnedKeys.Of(TestTables.Coded("id", ColumnKind.Identifier, source), threshold: 6), 1_000);
        Assert.IsTrue(keys.TrueForAll(key => Guid.TryParse(key, out var uuid) && uuid.Version == 4 && key[19] is '8' or '9' or 'a' or 'b'));
        Assert.IsEmpty(keys.Intersect(source));
    }

    [TestMethod]
    public void Phone_numbers_keep_their_shapes_and_prefixes()
    {
        var source = Enumerable.Range(0, 1_000).Select(_ => Random.NextInt(4) == 0
            ? $"+43 1 {Random.NextInt(10_000_000):D7}" : $"+43 660 {Random.NextInt(10_000_000):D7}").ToArray();
        var texts = Decode(ShapeCodec.Fit(TestTables.Coded("tel", ColumnKind.Text, source), threshold: 6)!, 2_000);
        Assert.IsTrue(texts.TrueForAll(text => text.StartsWith("+43 1 ", StringComparison.Ordinal) || text.StartsWith("+43 660 ", StringComparison.Ordinal)));
        Assert.AreEqual(0.25, texts.Share(text => text.StartsWith("+43 1", StringComparison.Ordinal)), 0.04);
        Assert.IsLessThan(10, texts.Intersect(source).Count());
    }

    [TestMethod]
    public void A_text_of_a_known_shape_can_be_given_in_its_share()
    {
        var codec = ShapeCodec.Fit(TestTables.Coded("code", ColumnKind.Text, Enumerable.Range(0, 2_000).Select(i => i % 10 == 0
            ? null : Random.NextInt(4) == 0 ? $"A-{Random.NextInt(100_000):D5}" : $"B-{Random.NextInt(1_000_000):D6}")), threshold: 6)!;
        var (one, admission) = (codec.Admit(Condition.Is("A-00123")), codec.Admit(Condition.OneOf("A-00123", "B-000123", null)));
        Assert.IsTrue(Decode(one.Codec, 50).TrueForAll(text => text == "A-00123"));

        // One of 100,000 texts in a quarter of the rows is 3.3 times as likely as one of a million in three quarters.
        Assert.AreEqual(0.77, Decode(admission.Codec, 5_000).Share(text => text == "A-00123"), 0.03);
        Assert.AreEqual(0.25 / 100_000 + 0.75 / 1_000_000, admission.Shares[0], 5e-7);
        Assert.AreEqual(1, admission.Shares[1]);
        foreach (var other in new[] { "C-00123", "A-0012", "A-0012x", "" })
            Assert.AreEqual(SynthesisError.ImpossibleCondition, Assert.ThrowsExactly<SynthesisException>(() => codec.Admit(Condition.Is(other))).Error);
    }

    [TestMethod]
    [DataRow("independent")]
    [DataRow("copula")]
    [DataRow("cart")]
    public void A_given_text_moves_the_rest_as_that_there_is_one(string method)
    {
        var present = Enumerable.Range(0, 2_000).Select(_ => Random.NextInt(3) > 0).ToArray();
        var table = TestTables.Make(
            TestTables.Coded("phone", ColumnKind.Text, present.Select(there => there ? $"+43 660 {Random.NextInt(10_000_000):D7}" : null)),
            TestTables.Numbers("calls", ColumnKind.Integer, present.Select(there => (double)Random.NextInt(5) + (there ? 5 : 0))));
        using var model = Methods.Fit(method, table);
        var drawn = Methods.Draw(model, 1_000, 1, ("phone", "+43 660 1234567"));
        Assert.IsTrue(drawn.Texts("phone").All(text => text == "+43 660 1234567"));
        Assert.AreEqual(method == "independent" ? 2 / 3.0 : 1, drawn.Values("calls").Share(calls => calls >= 5), 0.06);
    }

    [TestMethod]
    public void Sentences_have_no_shape() => Assert.IsNull(ShapeCodec.Fit(
        TestTables.Coded("note", ColumnKind.Text, Enumerable.Range(0, 300).Select(i => string.Concat(Enumerable.Repeat("word ", 1 + (i % 9))) + i)), threshold: 6));

    [TestMethod]
    public void Persons_are_invented_and_agree_within_a_row()
    {
        var table = TestTables.Make(
            Classed("mail", ValueClass.Email, ColumnKind.Identifier), Classed("who", ValueClass.FullName, ColumnKind.Text),
            Classed("card", ValueClass.PaymentCard, ColumnKind.Identifier),
            TestTables.Numbers("x", ColumnKind.Integer, Enumerable.Range(0, 300).Select(i => (double)(i % 5))));
        using var model = Methods.Fit("independent", table);
        using var package = AutoregressiveTests.Save(model);
        using var loaded = Synthesizers.Load(package, Device.Cpu);
        var drawn = Methods.Draw(loaded, 5_000);
        Assert.HasCount(5_000, drawn.Texts("mail").Distinct());
        Assert.HasCount(5_000, drawn.Texts("card").Distinct());
        for (var row = 0; row < 100; row++)
        {
            var first = drawn.Texts("who")[row]!.Split(' ')[0].ToLowerInvariant();
            if (first.All(char.IsAsciiLetter)) Assert.StartsWith(first + ".", drawn.Texts("mail")[row]!);
        }

        static CodedColumn Classed(string name, ValueClass about, ColumnKind kind) =>
            new(new ColumnSchema { Name = name, Kind = kind, Class = about }, [.. Enumerable.Range(0, 300)], [.. Enumerable.Range(0, 300).Select(i => $"real {i}")]);
    }

    [TestMethod]
    public void Half_a_million_distinct_texts_are_kept_in_little_space()
    {
        var codes = Enumerable.Range(0, 500_000).ToArray();
        string[] values = [.. codes.Select(i => $"{(uint)i * 2654435761u:x8}-{i % 7}")];
        var table = TestTables.Make(
            new CodedColumn(new() { Name = "code", Kind = ColumnKind.Categorical }, codes, values),
            new CodedColumn(new() { Name = "key", Kind = ColumnKind.Identifier }, codes, values));
        var codec = TableCodec.Fit(table, 1, protectRare: true);
        Assert.IsLessThan(100_000, codec.ToJson().Length);
    }

    private static List<string> Decode(ColumnCodec codec, int rows)
    {
        var column = (CodedColumn)codec.Decode(new ushort[rows], Random, 0, 7);
        return [.. Enumerable.Range(0, rows).Select(row => column.Text(row)!)];
    }
}
