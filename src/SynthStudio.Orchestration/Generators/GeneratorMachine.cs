namespace SynthStudio.Orchestration;

/// <summary>
/// The life of a generator, on top of the life of its newest training:
/// <c>DRAFT -> QUEUED -> STARTING -> TRAINING &lt;-> PAUSED -> EVALUATING -> READY</c>, and <c>CANCELLING -> CANCELLED</c>, <c>FAILED</c>.
/// An ended one can be trained again; the model it had stays until a newer one is there. One that was imported is <c>READY</c> and stays so.
/// </summary>
public static class GeneratorMachine
{
    /// <summary>Earlier trainings that are kept in the record; the catalog lists all.</summary>
    private const int KeptTrainings = 10;

    public static Decision<GeneratorRecord> Create(string name, GeneratorDefinition definition, DateTimeOffset now)
    {
        var created = new GeneratorRecord { Name = name, Definition = definition, CreateTime = now, UpdateTime = now, Version = 1 };
        return new(created, Verdict.Accepted, [new ProjectWork()]);
    }

    /// <summary>A generator whose model was trained elsewhere: it has it from the beginning, and learns nothing.</summary>
    public static Decision<GeneratorRecord> Import(string name, GeneratorDefinition definition, ObjectRef model, PackageOrigin origin, DateTimeOffset now)
    {
        var imported = new GeneratorRecord
        {
            Name = name, Definition = definition, State = GeneratorState.Ready, Model = model, Origin = origin, CreateTime = now, UpdateTime = now, Version = 1,
        };
        return new(imported, Verdict.Accepted, [new ProjectWork()]);
    }

    /// <summary>Changes the definition: all of it before the first training, the display name later too.</summary>
    public static Decision<GeneratorRecord> Update(GeneratorRecord generator, GeneratorDefinition definition, DateTimeOffset now)
    {
        if (IsSame(generator.Definition, definition)) return new(generator, Verdict.Repeated, []);
        var isRenaming = IsSame(generator.Definition with { DisplayName = definition.DisplayName }, definition);
        if (IsGone(generator) || (generator.State != GeneratorState.Draft && !isRenaming)) return new(generator, Verdict.Refused, []);
        var changed = generator with { Definition = definition, UpdateTime = now, Version = generator.Version + 1 };
        return new(changed, Verdict.Accepted, [new ProjectWork()]);
    }

    /// <summary>Whether two definitions say the same.</summary>
    public static bool IsSame(GeneratorDefinition one, GeneratorDefinition other) =>
        one == other with { Training = one.Training } && SameWork.Equal(one.Training, other.Training);

    /// <summary>Queues a training. The same job again changes nothing.</summary>
    public static Decision<GeneratorRecord> Train(GeneratorRecord generator, TrainingRequest request, DateTimeOffset now)
    {
        if (generator.Training?.Job == request.Job || generator.Past.Any(t => t.Job == request.Job))
            return new(generator, Verdict.Repeated, []);
        if (IsGone(generator) || generator.Origin is not null || generator.Training is { HasEnded: false })
            return new(generator, Verdict.Refused, []);

        var submitted = WorkMachine.Submit(new WorkRecord
        {
            Job = request.Job,
            Owner = generator.Name,
            Subject = generator.Name,
            Spec = generator.Definition.Training,
            Priority = request.Priority,
            Requirements = generator.Definition.Requirements,
            Limits = request.Limits,
            TraceParent = request.TraceParent,
            CreateTime = now,
        });
        var past = generator.Training is { } ended ? generator.Past.Prepend(ended).Take(KeptTrainings).ToList() : generator.Past;
        return With(generator with { Past = past, Lease = Accountant.LeaseFor(request.Job, generator.Definition.Training) }, submitted, verifying: false, now);
    }

    /// <summary>Decides on a command to the newest training.</summary>
    public static Decision<GeneratorRecord> Decide(GeneratorRecord generator, WorkCommand command, DateTimeOffset now)
    {
        if (generator.Training is not { } training) return new(generator, Verdict.Refused, []);

        var taken = Accountant.DemandStatement(training.Spec is TrainingSpec { Privacy: { } terms } ? terms : null, DemandModel(command));
        var decision = WorkMachine.Decide(training, taken, now);
        var counted = decision.Verdict == Verdict.Accepted && generator.Lease is { } lease
            ? generator with { Lease = Accountant.After(lease, taken, decision.Record.State) }
            : generator;
        if (counted.Lease == generator.Lease) counted = generator;
        if (ReferenceEquals(decision.Record, training) && ReferenceEquals(counted, generator) && !Verifies(command, decision))
            return new(generator, decision.Verdict, Accountant.Tell(generator.Lease, decision.Effects));

        var verifying = decision.Record.State is WorkState.Running or WorkState.Pausing && StepAfter(generator, command);
        var ended = decision.Record.HasEnded && !training.HasEnded;
        var released = ended && decision.Record.State == WorkState.Succeeded ? Release(counted, decision.Record, now) : counted;
        var heard = ended && Accountant.EffectOfEnd(released, decision.Record) is { } told
            ? decision with { Effects = BeforeCatalog(told, decision.Effects) }
            : decision;
        return With(released, heard, verifying, now);
    }

    /// <summary>
    /// The generator once the ledger has said what became of what a training had reserved that ended without a model; the very
    /// same when that is known.
    /// </summary>
    /// <param name="generator">Before.</param>
    /// <param name="job">The training.</param>
    /// <param name="isSpent">Whether the ledger keeps its price.</param>
    public static GeneratorRecord Settle(GeneratorRecord generator, string job, bool isSpent) =>
        generator.Lease is { } lease && lease.Job == job && Accountant.Settle(lease, isSpent) is var settled && settled != lease
            ? generator with { Lease = settled, Version = generator.Version + 1 }
            : generator;

    /// <summary>
    /// Hides the generator until it is brought back or forgotten. One whose training has not ended cannot be deleted. No change of what it
    /// is: its time of change stays.
    /// </summary>
    public static Decision<GeneratorRecord> Delete(GeneratorRecord generator, DateTimeOffset purgeTime, DateTimeOffset now)
    {
        if (generator.Deleted || generator.DeleteTime is not null) return new(generator, Verdict.Repeated, []);
        if (generator.Training is { HasEnded: false }) return new(generator, Verdict.Refused, []);
        return new(
            generator with { DeleteTime = now, PurgeTime = purgeTime, Version = generator.Version + 1 },
            Verdict.Accepted, [new ProjectWork()]);
    }

    /// <summary>
    /// Begins to remove a hidden generator: from then on it does not come back. One that is forgotten already may still be in the catalog,
    /// where its removal broke off.
    /// </summary>
    public static Decision<GeneratorRecord> BeginPurge(GeneratorRecord generator)
    {
        if (generator.Deleted) return new(generator, Verdict.Repeated, []);
        if (generator.DeleteTime is null) return new(generator, Verdict.Refused, []);
        return new(generator with { PurgeTime = DateTimeOffset.UnixEpoch, Version = generator.Version + 1 }, Verdict.Accepted, [new ProjectWork()]);
    }

    /// <summary>Brings a hidden generator back, unless its removal has begun.</summary>
    public static Decision<GeneratorRecord> Undelete(GeneratorRecord generator)
    {
        if (generator.Deleted || generator.PurgeTime == DateTimeOffset.UnixEpoch) return new(generator, Verdict.Refused, []);
        if (generator.DeleteTime is null) return new(generator, Verdict.Repeated, []);
        return new(generator with { DeleteTime = null, PurgeTime = null, Version = generator.Version + 1 }, Verdict.Accepted, [new ProjectWork()]);
    }

    /// <summary>Forgets the generator for good. One whose training has not ended cannot be forgotten.</summary>
    public static Decision<GeneratorRecord> Purge(GeneratorRecord generator, DateTimeOffset now)
    {
        if (generator.Deleted) return new(generator, Verdict.Repeated, []);
        if (generator.Training is { HasEnded: false }) return new(generator, Verdict.Refused, []);
        return new(generator with { Deleted = true, UpdateTime = now, Version = generator.Version + 1 }, Verdict.Accepted, []);
    }

    /// <summary>The generator's state, from its newest training's.</summary>
    public static GeneratorState StateOf(WorkRecord? training, bool verifying) => training?.State switch
    {
        null => GeneratorState.Draft,
        WorkState.Queued => GeneratorState.Queued,
        WorkState.Starting => GeneratorState.Starting,
        WorkState.Running or WorkState.Pausing => verifying ? GeneratorState.Evaluating : GeneratorState.Training,
        WorkState.Paused => GeneratorState.Paused,
        WorkState.Cancelling => GeneratorState.Cancelling,
        WorkState.Cancelled => GeneratorState.Cancelled,
        WorkState.Failed => GeneratorState.Failed,
        WorkState.Succeeded => GeneratorState.Ready,
        _ => throw new ArgumentOutOfRangeException(nameof(training), training.State, "There is no such state."),
    };

    /// <summary>
    /// The ledger hears of an end before the catalog shows it: what is unfinished there is looked after, whatever dies in between, and
    /// what has ended is not.
    /// </summary>
    private static List<WorkEffect> BeforeCatalog(WorkEffect told, IReadOnlyList<WorkEffect> effects) =>
        [.. effects.Where(e => e is not ProjectWork), told, new ProjectWork()];

    private static bool IsGone(GeneratorRecord generator) => generator.Deleted || generator.DeleteTime is not null;

    /// <summary>A training that ends without a model did not succeed.</summary>
    private static WorkCommand DemandModel(WorkCommand command) =>
        command is ApplyUpdate { Update: WorkCompleted { Result.Artifacts: var artifacts } } completed && !artifacts.ContainsKey("model")
            ? completed with { Update = new WorkFailed(new(WorkErrorClass.Internal, "NO_MODEL", "The training ended without a model package.")) }
            : command;

    /// <summary>
    /// The model leaves the training: the accountant remembers it, whatever happens to the generator later. One that read no data
    /// released nothing of it.
    /// </summary>
    private static GeneratorRecord Release(GeneratorRecord generator, WorkRecord training, DateTimeOffset now) => generator with
    {
        Model = training.Result!.Artifacts["model"],
        Statement = generator.Lease is null ? null : training.Result.Privacy,
        Releases = generator.Definition.Training.ReadsData
            ? [.. generator.Releases, new(training.Job, generator.Lease is null ? Accountant.NonPrivate : training.Result.Privacy!.EventJson, now)]
            : generator.Releases,
    };

    private static bool Verifies(WorkCommand command, Decision<WorkRecord> decision) =>
        decision.Verdict == Verdict.Accepted && command is ApplyUpdate { Update: WorkProgressed };

    private static bool StepAfter(GeneratorRecord generator, WorkCommand command) => command is ApplyUpdate { Update: WorkProgressed progress }
        ? progress.Step == WorkSteps.Verify
        : generator.Verifying;

    private static Decision<GeneratorRecord> With(GeneratorRecord generator, Decision<WorkRecord> decision, bool verifying, DateTimeOffset now)
    {
        var state = StateOf(decision.Record, verifying);
        var told = Accountant.Tell(generator.Lease, decision.Effects);
        if (ReferenceEquals(decision.Record, generator.Training) && state == generator.State && verifying == generator.Verifying)
            return new(generator, decision.Verdict, told);

        var visible = state != generator.State || decision.Record.Job != generator.Training?.Job;
        var next = generator with
        {
            Training = decision.Record,
            Verifying = verifying,
            State = state,
            UpdateTime = now,
            Version = visible ? generator.Version + 1 : generator.Version,
        };
        IReadOnlyList<WorkEffect> effects = visible && !told.OfType<ProjectWork>().Any() ? [.. told, new ProjectWork()] : told;
        return new(next, decision.Verdict, effects);
    }
}
