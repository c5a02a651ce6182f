using System.Text.Json;
using SynthStudio.Privacy.Events;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Synthesis.Private;

namespace SynthStudio.Synthesis.Tests.Private;

/// <summary>What a model promises stands in its package, for programs and for people.</summary>
[TestClass]
public sealed class PrivacyStatementTests
{
    private static readonly PrivacyStatement Promise = new()
    {
        Guaranteed = true, Epsilon = 0.98, Delta = 1e-6, Unit = "person", MaxRowsPerUnit = 3, Rows = 1_004,
        Event = new ComposedEvent([
            new DiscreteGaussianEvent(30).Times(14), new ExponentialMechanismEvent(0.1), new PoissonSampledEvent(0.01, new GaussianEvent(1.1)).Times(20),
            new UserLevelSampledGaussianEvent(2, 0.1, 3), new PoissonSampledEvent(0.5, new ApproximateDpEvent(0.1, 1e-9)), new ZeroConcentratedEvent(0.01),
        ]),
        Declared = ["categories of 'sex'"], Bought = ["number of rows"], Outside = ["time it took"],
    };

    [TestMethod]
    public void It_comes_back_from_json_with_every_event()
    {
        var read = PrivacyStatement.Parse(Promise.ToJson());

        CollectionAssert.AreEqual(PrivacyEvents.Flatten(Promise.Event).ToArray(), PrivacyEvents.Flatten(read.Event).ToArray());
        Assert.AreEqual(Promise.ToJson(), read.ToJson());
        Assert.AreEqual("person", JsonDocument.Parse(Promise.ToJson()).RootElement.GetProperty("unit").GetString());
    }

    [TestMethod]
    [DataRow("{}")]
    [DataRow("[]")]
    [DataRow("""{"guaranteed": "yes"}""")]
    public void What_is_no_statement_is_refused(string json) => Assert.Throws<JsonException>(() => PrivacyStatement.Parse(json));

    [TestMethod]
    public void A_package_states_it_and_keeps_exact_rows_and_fingerprint_out()
    {
        using var model = Methods.Fit("independent", TestTables.Shop(100));
        using var buffer = new MemoryStream();
        ModelPackage.Write(
            buffer, "independent", model.Schema, new PackageFacts(1_000, "abc", "1", default, 1, new Dictionary<string, string>()),
            model.Metrics, new Dictionary<string, byte[]>(), Promise);

        var manifest = ModelPackage.Open(buffer).Manifest;

        Assert.AreEqual(Promise.ToJson(), manifest.PrivacyStatement!.ToJson());
        Assert.AreEqual((1_004L, ""), (manifest.Facts.TrainingRows, manifest.Facts.DataFingerprint));
        StringAssert.Contains(manifest.Privacy, "epsilon 0.98 at delta 1e-6", StringComparison.Ordinal);
    }

    [TestMethod]
    public void A_method_without_terms_promises_nothing_and_says_so()
    {
        using var model = Methods.Fit("independent", TestTables.Shop(100));
        using var package = AutoregressiveTests.Save(model);

        var manifest = ModelPackage.Open(package).Manifest;

        Assert.IsFalse(model.Privacy.Guaranteed);
        Assert.IsFalse(manifest.PrivacyStatement!.Guaranteed);
        StringAssert.Contains(manifest.Privacy, "No differential privacy", StringComparison.Ordinal);
    }
}
