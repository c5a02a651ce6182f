using Microsoft.Extensions.Time.Testing;
using SynthStudio.Synthesis.Autoregressive;
using SynthStudio.Synthesis.Bootstrap;
using SynthStudio.Synthesis.Independent;
using SynthStudio.Synthesis.Training;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests;

[TestClass]
public sealed class TrainingTests
{
    private static readonly Table Table = TestTables.Shop(600);

    private readonly string folder = Directory.CreateTempSubdirectory("synthstudio").FullName;

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    public void A_paused_training_goes_on_as_if_it_had_never_stopped()
    {
        using var whole = Synthesizers.Get("autoregressive").Fit(Table, Request(), new Observer(), CancellationToken.None);
        var observer = new Observer(wish: step => step >= 47 ? TrainingWish.Pause : TrainingWish.Continue);
        var paused = Assert.ThrowsExactly<TrainingPausedException>(() => Fit(observer));
        Assert.AreEqual(47, paused.Step);
        Assert.IsTrue(File.Exists(paused.CheckpointFile));
        CollectionAssert.Contains(observer.Checkpoints, paused.CheckpointFile);
        using var resumed = Fit(new Observer());
        Assert.AreEqual(whole.Metrics["best_validation_loss"], resumed.Metrics["best_validation_loss"]);
        Assert.AreEqual(120, resumed.Metrics["steps"]);
        Assert.AreEqual(Rows(whole), Rows(resumed));
    }

    [TestMethod]
    public void A_pause_is_heard_while_columns_are_refined_and_the_training_is_not_done_again()
    {
        using var whole = Synthesizers.Get("autoregressive").Fit(Table, Request(), new Observer(), CancellationToken.None);
        var paused = Assert.ThrowsExactly<TrainingPausedException>(
            () => Fit(new Observer(wish: asked => asked > 120 ? TrainingWish.Pause : TrainingWish.Continue)));
        Assert.AreEqual(120, paused.Step);
        var observer = new Observer();
        using var resumed = Fit(observer);
        Assert.IsTrue(observer.Reports.Where(report => report.Stage == "train").All(report => report.Step == 120));
        Assert.AreEqual(Rows(whole), Rows(resumed));
    }

    [TestMethod]
    public void Two_checkpoints_are_kept_and_a_damaged_one_falls_back_to_the_one_before()
    {
        var observer = new Observer();
        using var whole = Fit(observer, TimeSpan.Zero);
        Assert.IsGreaterThan(10, observer.Checkpoints.Count);
        var files = Directory.GetFiles(folder).Order().ToArray();
        Assert.HasCount(2, files);
        var bytes = File.ReadAllBytes(files[1]);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(files[1], bytes);
        var again = new Observer();
        using var resumed = Fit(again);
        Assert.AreEqual(Rows(whole), Rows(resumed));
        CollectionAssert.AreEqual(new[] { $"{Path.GetFileName(files[1])} cannot be read" }, again.Refused);
        Assert.IsGreaterThan(100, again.Reports.First(report => report.Stage == "train").Step);
    }

    [TestMethod]
    public void A_checkpoint_comes_after_so_many_steps_or_so_much_time_whichever_is_first()
    {
        var observer = new Observer();
        using var model = Synthesizers.Get("autoregressive").Fit(
            Table, Request(folder) with { CheckpointInterval = TimeSpan.FromHours(1), CheckpointSteps = 50 }, observer, CancellationToken.None);

        CollectionAssert.AreEqual(new[] { "50", "100", "120" }, observer.Checkpoints.Select(c => Path.GetFileName(c).Split('-')[1].TrimStart('0')).ToList(), "The last one is of the end.");
    }

    [TestMethod]
    public void A_pause_at_the_step_of_a_checkpoint_writes_no_second_one()
    {
        var observer = new Observer(wish: step => step >= 50 ? TrainingWish.Pause : TrainingWish.Continue);
        var paused = Assert.ThrowsExactly<TrainingPausedException>(() => Synthesizers.Get("autoregressive").Fit(
            Table, Request(folder) with { CheckpointInterval = TimeSpan.FromHours(1), CheckpointSteps = 50 }, observer, CancellationToken.None));

        Assert.AreEqual(50, paused.Step);
        CollectionAssert.AreEqual(new[] { paused.CheckpointFile }, observer.Checkpoints);
    }

    [TestMethod]
    public void A_checkpoint_of_another_training_is_refused()
    {
        using var first = Fit(new Observer(), TimeSpan.Zero);
        var error = Assert.ThrowsExactly<SynthesisException>(() => Fit(new Observer(), seed: 2));
        Assert.AreEqual("checkpoint", error.Subject);
    }

    [TestMethod]
    public void A_job_whose_checkpoint_an_earlier_version_wrote_otherwise_starts_anew()
    {
        using var first = Fit(new Observer(), TimeSpan.Zero);
        var elsewhere = Directory.GetFiles(folder).Order().Last();
        var observer = new Observer();
        using var anew = Synthesizers.Get("autoregressive").Fit(
            Table,
            Request(Path.Combine(folder, "new")) with { Seed = 2, ResumeFrom = [elsewhere], CheckpointInterval = TimeSpan.FromHours(1) },
            observer, CancellationToken.None);
        CollectionAssert.AreEqual(
            new[] { $"{Path.GetFileName(elsewhere)} was written by a version that this one cannot go on from" },
            observer.Refused);
        Assert.IsLessThan(20, observer.Reports.First(report => report.Stage == "train").Step);
    }

    /// <summary>Else no training would survive an upgrade: its checkpoints would be those of another one.</summary>
    [TestMethod]
    public void An_option_that_is_as_it_was_before_it_existed_does_not_make_another_training()
    {
        var before = TrainingFingerprint.Of([TrainingFingerprint.Part(new { Rows = 5 })], [[1, 2]], new { Method = "m", Seed = 7 });
        Assert.AreEqual(before, TrainingFingerprint.Of(
            [TrainingFingerprint.Part(new { Rows = 5, Part = (string?)null })],
            [[1, 2]], new { Method = "m", Seed = 7, Refined = false, Terms = (string?)null }));
        Assert.AreNotEqual(
            before,
            TrainingFingerprint.Of([TrainingFingerprint.Part(new { Rows = 5 })], [[1, 2]], new { Method = "m", Seed = 7, Refined = true }));
        Assert.AreEqual("bb51add9", before[..8], "The fingerprints of trainings that run must be those of the version before.");
    }

    [TestMethod]
    public void Rows_that_differ_only_in_their_numbers_make_another_training()
    {
        var table = TestTables.Shop(300);
        var codec = Synthesis.Mixed.MixedCodec.Fit(table, new FitRequest { Seed = 1 }, protectRare: true, CancellationToken.None);
        var rows = codec.Encode(table, 1);
        var others = rows with { Scalars = Array.ConvertAll(rows.Scalars, scalars => scalars?.Reverse().ToArray()) };
        Assert.AreEqual(Fingerprint(rows), Fingerprint(codec.Encode(table, 1)));
        Assert.AreNotEqual(Fingerprint(rows), Fingerprint(others));

        string Fingerprint(Synthesis.Mixed.MixedRows encoded) => Synthesis.Mixed.MixedTraining.Fingerprint(codec, encoded, new { Method = "m" });
    }

    [TestMethod]
    public void Cancelling_stops_at_once()
    {
        using var source = new CancellationTokenSource();
        var observer = new Observer(wish: step =>
        {
            if (step == 5) source.Cancel();
            return TrainingWish.Continue;
        });
        Assert.ThrowsExactly<OperationCanceledException>(() => Synthesizers.Get("autoregressive").Fit(Table, Request(), observer, source.Token));
    }

    [TestMethod]
    public void A_time_limit_ends_training_early()
    {
        var clock = new FakeTimeProvider();
        var second = new Observer(atStep: _ => clock.Advance(TimeSpan.FromSeconds(1)));
        var request = Request() with { MaxTime = TimeSpan.FromMinutes(1), Options = AutoregressiveTests.Small(1_000_000) };
        using var model = new AutoregressiveSynthesizer(clock).Fit(Table, request, second, CancellationToken.None);
        Assert.IsInRange(40, 60, model.Metrics["steps"]);
        Assert.IsInRange(40, 60, model.Metrics["training_seconds"]);
    }

    [TestMethod]
    [DataRow("autoregressive")]
    [DataRow("tvae")]
    [DataRow("ctgan")]
    [DataRow("diffusion")]
    [DataRow("cart")]
    [DataRow("copula")]
    public void A_time_that_is_over_before_there_is_anything_to_show_is_an_error(string method)
    {
        var request = new FitRequest { Seed = 1, MaxTime = TimeSpan.FromTicks(1) };
        var error = Assert.ThrowsExactly<SynthesisException>(() => Synthesizers.Get(method).Fit(Table, request, new Observer(), CancellationToken.None));
        Assert.AreEqual((SynthesisError.TimeTooShort, "max_time"), (error.Error, error.Subject));
        Assert.Contains("more time", error.Message);
    }

    [TestMethod]
    public void Baselines_are_done_in_time_or_refuse()
    {
        var clock = new FakeTimeProvider();
        var request = new FitRequest { Seed = 1, Device = Device.Cpu, MaxTime = TimeSpan.FromSeconds(1) };
        foreach (var method in new ISynthesizer[] { new IndependentSynthesizer(clock), new BootstrapSynthesizer(clock) })
        {
            using var inTime = method.Fit(Table, request, new Observer(), CancellationToken.None);
            var late = new Told(() => clock.Advance(TimeSpan.FromSeconds(1)), () => { });
            var error = Assert.ThrowsExactly<SynthesisException>(() => method.Fit(Table, request, late, CancellationToken.None));
            Assert.AreEqual((SynthesisError.TimeTooShort, "max_time"), (error.Error, error.Subject));
        }
    }

    [TestMethod]
    public void Encoding_ends_with_the_time_too()
    {
        var request = new FitRequest { Seed = 1, MaxTime = TimeSpan.FromSeconds(1), AllRows = new SlowRows(Table) };
        var error = Assert.ThrowsExactly<SynthesisException>(() => Synthesizers.Get("autoregressive").Fit(Table, request, new Observer(), CancellationToken.None));
        Assert.AreEqual(SynthesisError.TimeTooShort, error.Error);
        Assert.Contains("before the first step", error.Message);
    }

    [TestMethod]
    public void A_training_that_was_broken_off_ends_with_its_checkpoint_when_its_time_is_over_before_it_goes_on()
    {
        Assert.ThrowsExactly<TrainingPausedException>(() => Fit(new Observer(wish: step => step >= 47 ? TrainingWish.Pause : TrainingWish.Continue)));
        using var ended = Synthesizers.Get("autoregressive").Fit(Table, Request(folder) with { MaxTime = TimeSpan.FromTicks(1) }, new Observer(), CancellationToken.None);
        Assert.AreEqual(47, ended.Metrics["steps"]);
    }

    [TestMethod]
    public void Progress_goes_up_to_one()
    {
        var observer = new Observer();
        using var model = Fit(observer);
        var fractions = observer.Reports.Where(report => report.Stage == "train").Select(report => report.Fraction).ToList();
        CollectionAssert.AreEqual(fractions.Order().ToList(), fractions);
        Assert.AreEqual(1, fractions[^1]);
        Assert.IsNotNull(observer.Reports[^1].ValidationLoss);
    }

    [TestMethod]
    [DataRow("colour", "1", SynthesisError.UnknownOption)]
    [DataRow("width", "3", SynthesisError.OptionOutOfRange)]
    [DataRow("width", "wide", SynthesisError.OptionOutOfRange)]
    [DataRow("blocks", "2.5", SynthesisError.OptionOutOfRange)]
    [DataRow("learning_rate", "1", SynthesisError.OptionOutOfRange)]
    [DataRow("learning_rate", "NaN", SynthesisError.OptionOutOfRange)]
    [DataRow("protect_rare", "perhaps", SynthesisError.OptionOutOfRange)]
    public void Bad_options_are_refused_by_name(string name, string value, SynthesisError expected)
    {
        var request = new FitRequest { Options = new Dictionary<string, string> { [name] = value } };
        var error = Assert.ThrowsExactly<SynthesisException>(() => Synthesizers.Get("autoregressive").Fit(Table, request, new Observer(), CancellationToken.None));
        Assert.AreEqual(expected, error.Error);
        Assert.AreEqual(name, error.Subject);
    }

    private static FitRequest Request(string? checkpoints = null) => new()
    {
        Seed = 1, Threads = 1, Device = Device.Cpu, Options = AutoregressiveTests.Small(120), CheckpointFolder = checkpoints,
    };

    private static string Rows(ITabularModel model) => TestTables.Text(model.Sample(new SampleRequest { Rows = 300, Seed = 1 }, CancellationToken.None));

    private ITabularModel Fit(Observer observer, TimeSpan? interval = null, long seed = 1) => Synthesizers.Get("autoregressive").Fit(
        Table,
        Request(folder) with { Seed = seed, CheckpointInterval = interval ?? TimeSpan.FromHours(1) },
        observer,
        CancellationToken.None);

    /// <summary>Rows that come for ever, a few now and then.</summary>
    private sealed class SlowRows(Table rows) : IRowSource
    {
        public long RowCount => 1_000_000_000;

        public IEnumerable<Table> Read(CancellationToken cancellation)
        {
            while (true)
            {
                yield return rows;
                cancellation.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(100));
                cancellation.ThrowIfCancellationRequested();
            }
        }
    }
}
