using SynthStudio.Synthesis.Packages;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests;

[TestClass]
public sealed class WarmStartTests
{
    private static readonly Table Fresh = TestTables.Shop(800, seed: 9);

    [TestMethod]
    public void A_trained_model_learns_on_from_where_it_was()
    {
        using var file = AutoregressiveTests.Save(ShopModel.Trained);
        var package = ModelPackage.Open(file);

        // The same codec, so that losses compare, on a network that has learned next to nothing.
        using var beginner = AutoregressiveTests.Fit(TestTables.Shop(3_000), steps: 2);
        using var beginnerFile = AutoregressiveTests.Save(beginner);
        using var slow = Fit(Fresh, ModelPackage.Open(beginnerFile));
        using var warm = Fit(Fresh, package);
        Assert.IsLessThan(slow.Metrics["best_validation_loss"] - 0.5, warm.Metrics["best_validation_loss"]);
        using var again = AutoregressiveTests.Save(warm);
        CollectionAssert.AreEqual(package["codec.json"], ModelPackage.Open(again)["codec.json"]);
    }

    [TestMethod]
    public void Models_of_other_columns_or_methods_are_refused()
    {
        using var file = AutoregressiveTests.Save(ShopModel.Trained);
        var package = ModelPackage.Open(file);
        Assert.AreEqual(SynthesisError.TableMismatch, Assert.ThrowsExactly<SynthesisException>(
            () => Fit(TestTables.Make(Fresh["colour"], Fresh["size"]), package)).Error);
        Assert.AreEqual(SynthesisError.Unsupported, Assert.ThrowsExactly<SynthesisException>(() => Synthesizers.Get("independent").Fit(
            Fresh, new FitRequest { WarmStart = package }, new Observer(), CancellationToken.None)).Error);
    }

    private static ITabularModel Fit(Table table, ModelPackage? start) => Synthesizers.Get("autoregressive").Fit(
        table,
        new FitRequest { Seed = 1, Threads = 2, Device = Device.Cpu, Options = AutoregressiveTests.Small(40), WarmStart = start },
        new Observer(),
        CancellationToken.None);
}
