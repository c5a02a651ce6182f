using FsCheck;
using FsCheck.Fluent;

namespace SynthStudio.Orchestration.Tests;

/// <summary>A command relative to the state it meets: epochs are offsets, so that many are right, many stale and some from the future.</summary>
public sealed record Step(int What, int EpochOffset, int Number, int Wait)
{
    private const int Kinds = 20;

    /// <summary>Sequences in which every kind of command comes up, the usual ones more often.</summary>
    public static Arbitrary<Step[]> Sequences { get; } = (
        from what in Gen.Choose(0, Kinds - 1)
        from epoch in Gen.Frequency((6, Gen.Constant(0)), (3, Gen.Constant(1)), (1, Gen.Choose(-2, 3)))
        from number in Gen.Choose(0, 5)
        from wait in Gen.Choose(0, 20)
        select new Step(what, epoch, number, wait)).ArrayOf().ToArbitrary();

    public WorkCommand On(WorkRecord work)
    {
        var epoch = new LeaseEpoch(Math.Max(0, work.Epoch.Value + EpochOffset));
        return What switch
        {
            0 or 1 => new TakeOrder(work.State == WorkState.Queued ? work.Epoch.Next : epoch, $"silo{Number % 2}"),
            2 => new LoseLease(epoch, "gone"),
            3 when Number == 0 => new CancelWork(),
            3 or 4 => new PauseWork(),
            5 => new ResumeWork(),
            18 => new GiveWay(epoch),
            19 => new CheckLimits(Number switch
            {
                0 => new(Queue: TimeSpan.FromSeconds(30)),
                1 => new(Attempt: TimeSpan.FromSeconds(30)),
                2 => new(Total: TimeSpan.FromSeconds(300)),
                _ => WorkLimits.None,
            }),
            _ => new ApplyUpdate(epoch, Update()),
        };
    }

    private WorkUpdate Update() => What switch
    {
        6 => new WorkStarted("silo", 1, "cpu"),
        7 => new WorkProgressed(Number > 3 ? "verify" : "train", Number / 5.0, null, new Dictionary<string, double> { ["n"] = Number }),
        8 => new WorkCheckpointed(new CheckpointRef(Object($"c{Number}"), Number)),
        9 => new WorkPartStored(new PartRef(Number, 10, Object($"p{Number}"))),
        10 => new WorkLogged("information", "hello"),
        11 when Number < 3 => new WorkCompleted(new WorkResult(
            Number == 0 ? new Dictionary<string, ObjectRef>() : new Dictionary<string, ObjectRef> { ["model"] = Object("m") },
            new Dictionary<string, double>()) { Privacy = Statement() }),
        12 => new WorkPaused(Number % 2 == 0),
        13 when Number < 3 => new WorkFailed(new WorkError((WorkErrorClass)Number, "REASON", "Why.")),
        14 => new WorkCancelled(),
        15 => new WorkCheckpointLost(new CheckpointRef(Object($"c{Number}"), Number), "is damaged"),
        16 => new WorkSpent("[]", Number / 5.0),
        17 => new WorkProgressed("train", Number / 5.0, null, new Dictionary<string, double>()) { Epsilon = Number / 5.0 },
        _ => new WorkProgressed("train", Number / 5.0, TimeSpan.FromSeconds(Number), new Dictionary<string, double>()),
    };

    /// <summary>Within the terms of <see cref="GeneratorMachineTests"/>, beyond them, or none.</summary>
    private PrivacyStatement? Statement() => Wait % 4 == 3 ? null : new PrivacyStatement
    {
        Guaranteed = Wait % 8 != 2, Epsilon = Wait % 4 == 1 ? 1.1 : 1, Delta = 1e-6, EventJson = """[{"type":"laplace","noise_multiplier":1}]""",
    };

    private static ObjectRef Object(string key) => new(key, key, 1, "text/plain");
}
