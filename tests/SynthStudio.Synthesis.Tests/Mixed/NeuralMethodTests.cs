using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.Mixed;

/// <summary>What holds for every method with a network on symbols and scalars.</summary>
[TestClass]
public sealed class NeuralMethodTests
{
    private static readonly Table Shop = TestTables.Shop(600);

    private readonly string folder = Directory.CreateTempSubdirectory("synthstudio").FullName;

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    [DataRow("tvae")]
    [DataRow("ctgan")]
    [DataRow("diffusion")]
    public void Equal_seeds_give_equal_models_and_rows_whatever_the_threads_and_chunks(string method)
    {
        using var one = Fit(method, threads: 1);
        using var two = Fit(method, threads: 2);
        Assert.AreEqual(one.Metrics["best_validation_loss"], two.Metrics["best_validation_loss"]);
        var request = new SampleRequest { Rows = 5_000, Seed = 5 };
        var drawn = TestTables.Text(one.Sample(request, CancellationToken.None));
        Assert.AreEqual(drawn, TestTables.Text(two.Sample(request with { ChunkRows = 700, FirstChunkRows = 9 }, CancellationToken.None)));
        Assert.AreNotEqual(drawn, TestTables.Text(one.Sample(request with { Seed = 6 }, CancellationToken.None)));
        using var other = Fit(method, seed: 4);
        Assert.AreNotEqual(one.Metrics["best_validation_loss"], other.Metrics["best_validation_loss"]);
    }

    [TestMethod]
    [DataRow("tvae")]
    [DataRow("ctgan")]
    [DataRow("diffusion")]
    public void A_saved_model_draws_the_same_rows(string method)
    {
        using var model = Fit(method);
        using var package = AutoregressiveTests.Save(model);
        using var loaded = Synthesizers.Load(package, Device.Cpu);
        Assert.AreEqual(method, loaded.Method);
        Assert.AreEqual(TestTables.Text([Methods.Draw(model, 700)]), TestTables.Text([Methods.Draw(loaded, 700)]));
        CollectionAssert.AreEqual(package.ToArray(), AutoregressiveTests.Save(loaded).ToArray());
    }

    [TestMethod]
    [DataRow("tvae")]
    [DataRow("ctgan")]
    [DataRow("diffusion")]
    public void A_paused_training_goes_on_as_if_it_had_never_stopped(string method)
    {
        using var whole = Fit(method);
        var request = Request(method) with { CheckpointFolder = folder, CheckpointInterval = TimeSpan.FromHours(1) };
        var observer = new Observer(wish: step => step >= 17 ? TrainingWish.Pause : TrainingWish.Continue);
        var paused = Assert.ThrowsExactly<TrainingPausedException>(
            () => Synthesizers.Get(method).Fit(Shop, request, observer, CancellationToken.None));
        Assert.AreEqual(17, paused.Step);
        using var resumed = Synthesizers.Get(method).Fit(Shop, request, new Observer(), CancellationToken.None);
        Assert.AreEqual(whole.Metrics["best_validation_loss"], resumed.Metrics["best_validation_loss"]);
        Assert.AreEqual(TestTables.Text([Methods.Draw(whole, 300)]), TestTables.Text([Methods.Draw(resumed, 300)]));
        var error = Assert.ThrowsExactly<SynthesisException>(
            () => Synthesizers.Get(method).Fit(Shop, request with { Seed = 9 }, new Observer(), CancellationToken.None));
        Assert.AreEqual("checkpoint", error.Subject);
    }

    [TestMethod]
    [DataRow("tvae")]
    [DataRow("ctgan")]
    [DataRow("diffusion")]
    public void Cancelling_stops_at_a_step(string method)
    {
        using var source = new CancellationTokenSource();
        var observer = new Observer(wish: step =>
        {
            if (step == 5) source.Cancel();
            return TrainingWish.Continue;
        });
        Assert.ThrowsExactly<OperationCanceledException>(
            () => Synthesizers.Get(method).Fit(Shop, Request(method), observer, source.Token));
    }

    [TestMethod]
    [DataRow("tvae", "loss_factor", "0")]
    [DataRow("tvae", "embedding_dim", "many")]
    [DataRow("ctgan", "pac", "0")]
    [DataRow("diffusion", "sampling_steps", "1")]
    [DataRow("ctgan", "log_frequency", "2")]
    public void Bad_options_are_refused_by_name(string method, string name, string value)
    {
        Assert.AreEqual(name, Refuses(SynthesisError.OptionOutOfRange, () => Methods.Fit(method, Shop, options: (name, value))).Subject);
        Refuses(SynthesisError.UnknownOption, () => Methods.Fit(method, Shop, options: ("colour", "1")));
        Refuses(SynthesisError.TooFewRows, () => Methods.Fit(method, TestTables.Shop(10)));
        Refuses(SynthesisError.DeviceUnavailable, () => Synthesizers.Get(method).Fit(
            Shop, new FitRequest { Device = Device.Cuda }, new Observer(), CancellationToken.None));
    }

    [TestMethod]
    [DataRow("tvae")]
    [DataRow("ctgan")]
    [DataRow("diffusion")]
    public void Constant_missing_identifier_text_and_ignored_columns_come_along(string method)
    {
        const int rows = 300;
        var table = TestTables.Make(
            TestTables.Coded("id", ColumnKind.Identifier, Enumerable.Range(0, rows).Select(i => $"{i:D5}")),
            TestTables.Numbers("same", ColumnKind.Integer, Enumerable.Repeat(42.0, rows)),
            TestTables.Numbers("nothing", ColumnKind.Decimal, Enumerable.Repeat(double.NaN, rows)),
            TestTables.Coded("note", ColumnKind.Text, Enumerable.Range(0, rows).Select(i => i % 2 == 0 ? null : $"the note number {i}")),
            TestTables.Coded("skip", ColumnKind.Ignored, Enumerable.Range(0, rows).Select(i => $"{i}")),
            TestTables.Coded("rare", ColumnKind.Categorical, Enumerable.Range(0, rows).Select(i => i % 10 == 0 ? $"v{i}" : "common")),
            TestTables.Coded("kind", ColumnKind.Categorical, Enumerable.Range(0, rows).Select(i => i % 2 == 0 ? "a" : "b")));
        using var model = Methods.Fit(method, table, options: Small(method));
        var drawn = Methods.Draw(model, 1_000);
        CollectionAssert.AreEqual(new[] { "id", "same", "nothing", "note", "rare", "kind" }, drawn.Schema.Columns.Select(c => c.Name).ToArray());
        Assert.HasCount(1_000, drawn.Texts("id").Distinct());
        Assert.IsTrue(drawn.Values("same").All(v => v == 42) && drawn.Values("nothing").All(double.IsNaN));
        Assert.AreEqual(0.9, drawn.Texts("rare").Share(text => text == "common"), 0.08);
        Assert.IsEmpty(drawn.Texts("rare").Where(text => text != "common").Intersect(table.Texts("rare")), "Rare ones are invented.");
        Assert.AreEqual(0.5, drawn.Texts("note").Share(text => text is null), 0.15);
    }

    /// <summary>A few dozen steps on the CPU: enough to see that everything fits together.</summary>
    private static (string Name, string Value)[] Small(string method) => method switch
    {
        "tvae" => [("epochs", "6"), ("width", "32"), ("embedding_dim", "8")],
        "ctgan" => [("epochs", "5"), ("generator_width", "32"), ("critic_width", "32"), ("embedding_dim", "16"), ("pac", "5")],
        "diffusion" => [("epochs", "5"), ("width", "32"), ("blocks", "1"), ("sampling_steps", "5")],
        _ => throw new ArgumentOutOfRangeException(nameof(method)),
    };

    private static FitRequest Request(string method) =>
        new() { Seed = 1, Threads = 1, Device = Device.Cpu, Options = Small(method).ToDictionary(o => o.Name, o => o.Value) };

    private static ITabularModel Fit(string method, long seed = 1, int threads = 1) => Methods.Fit(method, Shop, seed, threads, Small(method));

    private static SynthesisException Refuses(SynthesisError expected, Action action)
    {
        var error = Assert.ThrowsExactly<SynthesisException>(action);
        Assert.AreEqual(expected, error.Error);
        return error;
    }
}
