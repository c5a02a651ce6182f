using SynthStudio.Mock;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.Encoding;

/// <summary>Columns of one pattern, whose values are made up, do not say the same.</summary>
[TestClass]
public sealed class ColumnsAlikeTests
{
    private const int Rows = 600;

    private static readonly SeededStream Random = new(3, StreamPurpose.Codec, 601);

    [TestMethod]
    public void Made_up_texts_of_two_columns_differ_in_a_row()
    {
        string[] phones = [.. Enumerable.Range(0, Rows).Select(_ => $"+43 660 {Random.NextInt(10_000_000):D7}")];
        string[] notes = [.. Enumerable.Range(0, Rows).Select(i => $"{string.Concat(Enumerable.Repeat("word ", 1 + (i % 9)))}{i}")];
        string[] uuids = [.. Enumerable.Range(0, Rows).Select(i => new FakeValues("en", 9).Text(ValueClass.Uuid, i))];
        using var model = Methods.Fit("independent", TestTables.Make(
            TestTables.Coded("home_phone", ColumnKind.Text, phones), TestTables.Coded("work_phone", ColumnKind.Text, phones.Reverse()),
            TestTables.Coded("before", ColumnKind.Text, notes), TestTables.Coded("after", ColumnKind.Text, notes.Reverse()),
            TestTables.Coded("order_key", ColumnKind.Identifier, uuids), TestTables.Coded("invoice_key", ColumnKind.Identifier, uuids.Reverse()), Learned()));
        var drawn = Methods.Draw(model, 2_000);
        Assert.IsLessThan(0.01, Same(drawn, "home_phone", "work_phone", text => text));
        Assert.IsLessThan(0.01, Same(drawn, "before", "after", text => text.Length < 12 ? text + Random.NextBits() : text));
        Assert.IsLessThan(0.01, Same(drawn, "order_key", "invoice_key", text => text[20..]));
        Assert.IsEmpty(drawn.Texts("order_key").Intersect(drawn.Texts("invoice_key")));
    }

    [TestMethod]
    public void Accounts_and_persons_of_two_columns_differ_and_a_persons_columns_agree()
    {
        using var model = Methods.Fit("independent", TestTables.Make(
            Fake("iban_from", ValueClass.Iban), Fake("iban_to", ValueClass.Iban), Fake("src_ip", ValueClass.IpAddress), Fake("dst_ip", ValueClass.IpAddress),
            Fake("sender_name", ValueClass.FullName), Fake("receiver_email", ValueClass.Email), Fake("receiver_name", ValueClass.FullName), Fake("sender_email", ValueClass.Email), Learned()));
        using var package = AutoregressiveTests.Save(model);
        using var loaded = Synthesizers.Load(package, Device.Cpu);
        var drawn = Methods.Draw(loaded, 1_000);
        Assert.AreEqual(0, Same(drawn, "iban_from", "iban_to", text => text));
        Assert.IsLessThan(0.01, Same(drawn, "src_ip", "dst_ip", text => text));
        Assert.IsLessThan(0.01, Same(drawn, "sender_name", "receiver_name", text => text));
        foreach (var role in new[] { "sender", "receiver" })
        {
            foreach (var (name, mail) in drawn.Texts($"{role}_name").Zip(drawn.Texts($"{role}_email")))
            {
                var first = name!.Split(' ')[0].ToLowerInvariant();
                if (first.All(char.IsAsciiLetter)) Assert.StartsWith(first + ".", mail!);
            }
        }
    }

    [TestMethod]
    public void Declared_columns_of_private_methods_are_of_several_persons_too()
    {
        var columns = new Dictionary<string, ColumnDomain>(StringComparer.Ordinal)
        {
            ["payer_name"] = new() { Kind = ColumnKind.Text, Class = ValueClass.FullName, Nullable = false },
            ["payee_name"] = new() { Kind = ColumnKind.Text, Class = ValueClass.FullName, Nullable = false },
            ["payee_mail"] = new() { Kind = ColumnKind.Identifier, Class = ValueClass.Email, Nullable = false },
        };
        var codec = Synthesis.Private.DeclaredCodec.Of(
            new TableSchema { Columns = [.. columns.Select(c => c.Value.Schema(c.Key))], Domains = columns },
            bins: 8);
        CollectionAssert.AreEqual(new[] { 0, 1, 1 }, codec.Columns.Cast<FakeCodec>().Select(fake => fake.Person).ToArray());
    }

    [TestMethod]
    public void Codecs_of_before_there_were_persons_are_read()
    {
        var codec = TableCodec.Fit(TestTables.Make(Fake("mail", ValueClass.Email), Fake("other_mail", ValueClass.Email)), 1, protectRare: true);
        var json = System.Text.Encoding.UTF8.GetString(codec.ToJson());
        var older = json.Replace(",\"Person\":1", "", StringComparison.Ordinal);
        Assert.AreNotEqual(json, older);
        Assert.IsTrue(TableCodec.FromJson(System.Text.Encoding.UTF8.GetBytes(older)).Columns.Cast<FakeCodec>().All(fake => fake.Person == 0));
    }

    [TestMethod]
    public void A_declared_locale_is_that_of_all_columns_of_its_person_and_is_kept_in_the_package()
    {
        using var model = Methods.Fit("independent", TestTables.Make(
            Fake("sender_email", ValueClass.Email), Fake("sender_name", ValueClass.FullName, "de_AT"), Fake("receiver_name", ValueClass.FullName), Learned()));
        using var package = AutoregressiveTests.Save(model);
        using var loaded = Synthesizers.Load(package, Device.Cpu);
        var drawn = Methods.Draw(loaded, 200, seed: 4);
        FakeValues austrian = new("de_AT", 4), english = new("en", 4, person: 1);
        CollectionAssert.AreEqual(Enumerable.Range(0, 200).Select(row => austrian.Text(ValueClass.FullName, row)).ToArray(), drawn.Texts("sender_name"));
        CollectionAssert.AreEqual(Enumerable.Range(0, 200).Select(row => austrian.Text(ValueClass.Email, row)).ToArray(), drawn.Texts("sender_email"));
        CollectionAssert.AreEqual(Enumerable.Range(0, 200).Select(row => english.Text(ValueClass.FullName, row)).ToArray(), drawn.Texts("receiver_name"));
    }

    [TestMethod]
    public void An_unknown_locale_is_refused_with_the_known_ones()
    {
        var refusal = Assert.ThrowsExactly<SynthesisException>(() => Methods.Fit("independent", TestTables.Make(Fake("name", ValueClass.FullName, "de_XX"), Learned())));
        Assert.AreEqual((SynthesisError.OptionOutOfRange, "name"), (refusal.Error, refusal.Subject));
        StringAssert.Contains(refusal.Message, "de_AT", StringComparison.Ordinal);
    }

    /// <summary>The share of rows in which two columns say the same.</summary>
    private static double Same(Table drawn, string one, string other, Func<string, string> part) =>
        drawn.Texts(one).Zip(drawn.Texts(other)).Share(pair => part(pair.First!) == part(pair.Second!));

    /// <summary>A table must have something to learn.</summary>
    private static NumericColumn Learned() => TestTables.Numbers("learned", ColumnKind.Integer, Enumerable.Range(0, Rows).Select(row => (double)(row % 5)));

    private static CodedColumn Fake(string name, ValueClass about, string? locale = null) => new(
        new ColumnSchema { Name = name, Kind = ColumnKind.Text, Class = about, Locale = locale },
        [.. Enumerable.Range(0, Rows)], [.. Enumerable.Range(0, Rows).Select(i => $"real {i}")]);
}
