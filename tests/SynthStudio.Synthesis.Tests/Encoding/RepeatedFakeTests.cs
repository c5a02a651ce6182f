using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.Encoding;

/// <summary>Invented persons with several rows each stay one person in them.</summary>
[TestClass]
public sealed class RepeatedFakeTests
{
    private const int Persons = 200, RowsEach = 5;

    [TestMethod]
    public void A_customer_keeps_number_address_and_name_over_all_rows()
    {
        using var model = Methods.Fit("independent", Orders());
        using var package = AutoregressiveTests.Save(model);
        using var loaded = Synthesizers.Load(package, Device.Cpu);
        var drawn = Methods.Draw(loaded, Persons * RowsEach);
        string?[] ids = drawn.Texts("customer_id"), mails = drawn.Texts("customer_email"), names = drawn.Texts("customer_name");
        Assert.HasCount(Persons, ids.Distinct());
        Assert.HasCount(Persons, ids.Zip(mails).Distinct(), "One address a customer.");
        Assert.HasCount(Persons, ids.Zip(names).Distinct(), "One name a customer.");
        Assert.IsGreaterThan(Persons - 20, mails.Distinct().Count());
        foreach (var (name, mail) in names.Zip(mails))
        {
            var first = name!.Split(' ')[0].ToLowerInvariant();
            if (first.All(char.IsAsciiLetter)) Assert.StartsWith(first + ".", mail!);
        }

        // What is new in each order stays so, and chunks are the sample they are cut from.
        Assert.HasCount(Persons * RowsEach, drawn.Texts("card").Distinct());
        var parts = loaded.Sample(new SampleRequest { Rows = Persons * RowsEach, Seed = 1, ChunkRows = 170, FirstChunkRows = 31 }, CancellationToken.None);
        CollectionAssert.AreEqual(mails, parts.SelectMany(part => part.Texts("customer_email")).ToArray());
    }

    [TestMethod]
    public void Keys_that_are_as_frequent_but_mean_others_repeat_each_on_its_own()
    {
        int[] receivers = [.. Enumerable.Range(0, Persons * RowsEach)];
        new SeededStream(1, StreamPurpose.Codec, 801).Shuffle(receivers.AsSpan());
        using var model = Methods.Fit("independent", TestTables.Make(
            Keys("sender_id", row => row / RowsEach), Keys("receiver_id", row => receivers[row] / RowsEach),
            Fake("sender_email", ValueClass.Email, row => row / RowsEach), Fake("receiver_email", ValueClass.Email, row => receivers[row] / RowsEach),
            TestTables.Numbers("amount", ColumnKind.Integer, Enumerable.Range(0, Persons * RowsEach).Select(row => (double)(row % 7)))));
        var codec = TableCodec.FromJson(ModelPackage.Open(AutoregressiveTests.Save(model))["codec.json"]);
        CollectionAssert.AreEqual(
            new[] { "sender_id", "receiver_id", "sender_id", "receiver_id" },
            codec.Columns.Take(4).Select(column => (column as IdentifierCodec)?.Repeats?.Column ?? (column as FakeCodec)?.Repeats?.Column).ToArray());
    }

    [TestMethod]
    public void Few_persons_do_not_tell_how_many_rows_they_have()
    {
        var few = TableCodec.Fit(TestTables.Make(Fake("email", ValueClass.Email, row => row % 4)), 1, protectRare: true);
        Assert.IsNull(((FakeCodec)few.Columns[0]).Repeats);
        var some = TableCodec.Fit(TestTables.Make(Fake("email", ValueClass.Email, row => row % 40)), 1, protectRare: true);
        Assert.AreEqual(40, ((FakeCodec)some.Columns[0]).Repeats!.Groups.Sum(group => group.Keys));
    }

    [TestMethod]
    public void First_names_that_many_have_are_new_in_each_row()
    {
        var codec = TableCodec.Fit(
            TestTables.Make(Fake("first_name", ValueClass.FirstName, row => row % 40), Fake("city", ValueClass.City, row => row % 30)),
            1, protectRare: true);
        Assert.IsTrue(codec.Columns.Cast<FakeCodec>().All(fake => fake.Repeats is null));
    }

    [TestMethod]
    public void Addresses_that_must_be_unique_do_not_repeat_now_nor_when_a_model_learns_on()
    {
        var table = TestTables.Make(Fake("email", ValueClass.Email, row => row / RowsEach), Fake("name", ValueClass.FullName, row => row / RowsEach));
        var ruled = new Table(table.Schema with { Constraints = [new UniqueConstraint("one", ["email"])] }, table.Columns);
        var codec = TableCodec.Fit(table, 1, protectRare: true);
        Assert.IsTrue(codec.Columns.Cast<FakeCodec>().All(fake => fake.Repeats is not null));
        Assert.IsTrue(TableCodec.Fit(ruled, 1, protectRare: true).Columns.Cast<FakeCodec>().All(fake => fake.Repeats is null));
        var further = codec.KeepingClearOf(new KeyRows(ruled, null, null, CancellationToken.None));
        Assert.IsTrue(further.Columns.Cast<FakeCodec>().All(fake => fake.Repeats is null));
    }

    /// <summary>Orders of customers, each paid by a card of its own.</summary>
    private static Table Orders() => TestTables.Make(
        Keys("customer_id", row => row / RowsEach), Fake("customer_email", ValueClass.Email, row => row / RowsEach),
        Fake("customer_name", ValueClass.FullName, row => row / RowsEach), Fake("card", ValueClass.PaymentCard, row => row, ColumnKind.Identifier),
        TestTables.Numbers("amount", ColumnKind.Integer, Enumerable.Range(0, Persons * RowsEach).Select(row => (double)(row % 7))));

    private static CodedColumn Keys(string name, Func<int, int> person) =>
        TestTables.Coded(name, ColumnKind.Identifier, Enumerable.Range(0, Persons * RowsEach).Select(row => $"CUST-{1_000 + person(row):00000}"));

    private static CodedColumn Fake(string name, ValueClass about, Func<int, int> person, ColumnKind kind = ColumnKind.Text)
    {
        var coded = TestTables.Coded(name, kind, Enumerable.Range(0, Persons * RowsEach).Select(row => $"real {person(row)}"));
        return new CodedColumn(coded.Schema with { Class = about }, coded.Codes, coded.Values);
    }
}
