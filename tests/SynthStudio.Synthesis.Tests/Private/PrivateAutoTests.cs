using SynthStudio.Synthesis.Auto;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Synthesis.Private;
using SynthStudio.Synthesis.Tests.Marginals;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.Private;

/// <summary>Under terms the method is chosen by what is public, and the package says why.</summary>
[TestClass]
public sealed class PrivateAutoTests
{
    private static readonly PrivacyTerms Terms = new() { Epsilon = 1, Delta = 1e-6, Rows = 50_000 };

    [TestMethod]
    public void Many_rows_take_one_shot_and_few_take_rounds()
    {
        Assert.AreEqual("tree", PrivateMethodChooser.Choose(PrivateShop.Schema, Terms, null).Method);
        Assert.AreEqual("tree", PrivateMethodChooser.Choose(PrivateShop.Schema, Terms with { Rows = null }, null).Method);
        Assert.AreEqual("aim", PrivateMethodChooser.Choose(PrivateShop.Schema, Terms with { Rows = 1_000 }, null).Method);
        Assert.AreEqual("aim", PrivateMethodChooser.Choose(PrivateShop.Schema, Terms with { Epsilon = 0.01 }, null).Method);
    }

    [TestMethod]
    public void Wide_tables_never_take_rounds_and_little_time_takes_the_fastest()
    {
        var wide = new TableSchema { Columns = [.. Enumerable.Range(0, 80).Select(i => new ColumnSchema { Name = $"c{i}", Kind = ColumnKind.Categorical })] };

        Assert.AreEqual("tree", PrivateMethodChooser.Choose(wide, Terms with { Rows = 1_000 }, null).Method);
        Assert.AreEqual("mst", PrivateMethodChooser.Choose(PrivateShop.Schema, Terms, TimeSpan.FromSeconds(1)).Method);
    }

    [TestMethod]
    public void What_is_to_be_bought_is_handed_on_and_refused_without_terms()
    {
        var domains = new Dictionary<string, ColumnDomain>(PrivateShop.Schema.Domains) { ["age"] = new() { Kind = ColumnKind.Integer, Nullable = false } };
        var table = PrivateShop.Rows(1_000, schema: PrivateShop.Schema with { Domains = domains });
        var request = new FitRequest { Privacy = Terms with { Epsilon = 4, Rows = 1_000 }, Options = new Dictionary<string, string> { ["bounds"] = "bought" } };

        using var model = Synthesizers.Get("auto").Fit(table, request, new Observer(), CancellationToken.None);

        CollectionAssert.Contains(model.Privacy.Bought.ToList(), "bounds of 'age'");
        var refusal = Assert.ThrowsExactly<SynthesisException>(
            () => Synthesizers.Get("auto").Fit(table, request with { Privacy = null }, new Observer(), CancellationToken.None));
        Assert.AreEqual((SynthesisError.UnknownOption, "bounds"), (refusal.Error, refusal.Subject));
    }

    [TestMethod]
    [DataRow("purpose", "conditions")]
    [DataRow("protect_rare", "false")]
    public void What_terms_decide_themselves_is_refused(string option, string value)
    {
        var request = new FitRequest { Privacy = Terms with { Rows = 1_000 }, Options = new Dictionary<string, string> { [option] = value } };
        var refusal = Assert.ThrowsExactly<SynthesisException>(
            () => Synthesizers.Get("auto").Fit(PrivateShop.Rows(1_000), request, new Observer(), CancellationToken.None));
        Assert.AreEqual((SynthesisError.UnknownOption, option), (refusal.Error, refusal.Subject));
    }

    [TestMethod]
    public void The_choice_stands_in_the_package_with_columns_rows_and_epsilon()
    {
        using var model = Synthesizers.Get("auto").Fit(
            PrivateShop.Rows(1_000), new FitRequest { Privacy = Terms with { Rows = 1_000 } }, new Observer(), CancellationToken.None);
        using var package = AutoregressiveTests.Save(model);
        var manifest = ModelPackage.Open(package).Manifest;

        Assert.AreEqual("aim", manifest.Method);
        foreach (var words in new[] { "6 columns", "1,000 declared rows", "epsilon 1" }) StringAssert.Contains(manifest.Choice, words, StringComparison.Ordinal);
        Assert.IsTrue(manifest.PrivacyStatement!.Guaranteed);
    }
}
