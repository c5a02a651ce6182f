using System.Text;
using Microsoft.Extensions.Time.Testing;
using SynthStudio.Mock;
using SynthStudio.Synthesis.Declared;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.Declared;

/// <summary>The method that reads no data: its rows are those of the declaration, its package is the declaration.</summary>
[TestClass]
public sealed class DeclaredMethodTests
{
    private const string Orders = """
        {"locale": "de_AT", "columns": {
            "id": {"type": "sequence", "start": 1000},
            "name": {"type": "full_name"},
            "plan": {"type": "category", "values": {"basic": 6, "plus": 3}, "missing": 0.1},
            "price": {"type": "lognormal", "mean": 3, "deviation": 0.5, "decimals": 2},
            "pieces": {"type": "poisson", "mean": 2},
            "half": {"type": "expression", "expression": "price / 2", "decimals": 0}},
         "correlations": [{"columns": ["price", "pieces"], "value": -0.4}]}
        """;

    private static readonly Table Nothing = new(new TableSchema { Columns = [] }, []);

    [TestMethod]
    public void It_draws_the_rows_that_the_declaration_makes_whatever_the_threads_and_chunks()
    {
        var declared = TestTables.Text(MockTable.Parse(Orders).Make(20_000, seed: 5));
        var request = new SampleRequest { Rows = 20_000, Seed = 5 };
        using var one = Fit(Orders, threads: 1);
        using var two = Fit(Orders, threads: 2);

        var chunks = one.Sample(request, CancellationToken.None).ToList();

        CollectionAssert.AreEqual(new[] { 512, 8192, 8192, 3104 }, chunks.ConvertAll(chunk => chunk.RowCount));
        Assert.AreEqual(declared, TestTables.Text(chunks));
        Assert.AreEqual(declared, TestTables.Text(two.Sample(request with { ChunkRows = 700, FirstChunkRows = 9 }, CancellationToken.None)));
        Assert.AreNotEqual(declared, TestTables.Text(one.Sample(request with { Seed = 6 }, CancellationToken.None)));
    }

    [TestMethod]
    public void Its_package_is_the_declaration_and_says_that_no_data_was_read()
    {
        using var model = Fit(Orders);
        using var file = AutoregressiveTests.Save(model);
        using var loaded = Synthesizers.Load(file, Device.Cpu);
        file.Position = 0;
        var package = ModelPackage.Open(file);

        Assert.AreEqual("schema", loaded.Method);
        Assert.AreEqual(TestTables.Text([Methods.Draw(model, 500)]), TestTables.Text([Methods.Draw(loaded, 500)]));
        Assert.AreEqual(Orders, System.Text.Encoding.UTF8.GetString(package["declaration.json"]));
        Assert.HasCount(1, package.Manifest.Entries);
        StringAssert.StartsWith(package.Manifest.Privacy, "No data was read");
        Assert.IsFalse(package.Manifest.PrivacyStatement!.Guaranteed, "It is no promise with an epsilon of 0.");
        StringAssert.StartsWith(package.Manifest.PrivacyStatement.Text, "No data was read");
    }

    [TestMethod]
    public void Rows_of_wide_tables_come_in_chunks_that_fit_into_memory()
    {
        var wide = "{\"columns\": {" + string.Join(',', Enumerable.Range(0, 2000).Select(i => $"\"c{i}\": {{\"type\": \"uniform\"}}")) + "}}";
        using var model = Fit(wide);

        var chunks = model.Sample(new SampleRequest { Rows = 1200, ChunkRows = 16_384, FirstChunkRows = 512 }, CancellationToken.None)
            .Select(c => c.RowCount).ToList();

        CollectionAssert.AreEqual(new[] { 512, 524, 164 }, chunks);
    }

    [TestMethod]
    [DataRow("{\"columns\": {\"age\": {\"type\": \"magic\"}}}", "the type 'magic' is unknown")]
    [DataRow("{\"columns\"", "line 1")]
    public void A_declaration_that_cannot_be_used_is_refused_with_what_is_wrong(string declaration, string expected)
    {
        var error = Assert.ThrowsExactly<SynthesisException>(() => Fit(declaration));

        Assert.AreEqual((SynthesisError.OptionOutOfRange, "declaration"), (error.Error, error.Subject));
        Assert.Contains(expected, error.Message);
    }

    [TestMethod]
    public void What_it_cannot_do_is_refused()
    {
        Refuses(SynthesisError.OptionOutOfRange, () => Methods.Fit("schema", Nothing));
        Refuses(SynthesisError.UnknownOption, () => Methods.Fit("schema", Nothing, options: [("declaration", Orders), ("colour", "1")]));
        Refuses(SynthesisError.Unsupported, () => Methods.Fit("schema", TestTables.Shop(100), options: ("declaration", Orders)));
        using var model = Fit(Orders);
        Refuses(SynthesisError.Unsupported, () => Methods.Draw(model, 10, 1, ("plan", "basic")));
        Refuses(SynthesisError.Unsupported, () => Assert.IsEmpty(model.Sample(new SampleRequest { Rows = 1, Temperature = 2 }, CancellationToken.None)));
    }

    [TestMethod]
    public void It_is_done_in_time_or_refuses()
    {
        var clock = new FakeTimeProvider();
        var method = new DeclaredSynthesizer(clock);
        var request = new FitRequest
        {
            Device = Device.Cpu, MaxTime = TimeSpan.FromSeconds(1), Options = new Dictionary<string, string> { ["declaration"] = Orders },
        };
        using var inTime = method.Fit(Nothing, request, new Observer(), CancellationToken.None);
        var late = new Told(() => clock.Advance(TimeSpan.FromSeconds(1)), () => { });
        var error = Assert.ThrowsExactly<SynthesisException>(() => method.Fit(Nothing, request, late, CancellationToken.None));
        Assert.AreEqual((SynthesisError.TimeTooShort, "max_time"), (error.Error, error.Subject));
    }

    [TestMethod]
    public void A_package_whose_declaration_was_changed_is_damaged()
    {
        using var model = Fit(Orders);
        using var file = new MemoryStream();
        ModelPackage.Write(
            file, "schema", model.Schema, new PackageFacts(0, "", "", DateTimeOffset.UnixEpoch, 0, new Dictionary<string, string>()), model.Metrics,
            new Dictionary<string, byte[]> { ["declaration.json"] = "{}"u8.ToArray() }, model.Privacy);
        file.Position = 0;

        Refuses(SynthesisError.PackageCorrupt, () => Synthesizers.Load(file, Device.Cpu));
    }

    private static ITabularModel Fit(string declaration, int threads = 2) => Methods.Fit("schema", Nothing, threads: threads, options: ("declaration", declaration));

    private static void Refuses(SynthesisError expected, Action action) =>
        Assert.AreEqual(expected, Assert.ThrowsExactly<SynthesisException>(action).Error);
}
