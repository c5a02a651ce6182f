using System.Numerics;
using SynthStudio.Synthesis;
using SynthStudio.Worker.Jobs;
using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Running;

/// <summary>What this worker can do, for who starts it with <see cref="Argument"/>.</summary>
internal static class Describing
{
    /// <summary>Asks for the description instead of a job.</summary>
    public const string Argument = "--describe";

    /// <summary>Every method with its options, and the devices of this machine.</summary>
    public static WorkerOutput Describe() => new()
    {
        Description = new Description { Methods = { Synthesizers.All.Select(Describe) }, Devices = { Devices.Seen() } },
    };

    private static Method Describe(ISynthesizer synthesizer) => new()
    {
        Name = synthesizer.Method,
        Summary = synthesizer.Summary,
        Options = { synthesizer.Options.Select(Describe) },
        Capabilities = { Names(synthesizer.Capabilities) },
        MemoryBytes = synthesizer.Memory.Bytes,
        MemoryBytesPerColumn = synthesizer.Memory.BytesPerColumn,
        MemoryBytesPerCell = MemoryNeed.BytesPerCell,
        MostCellsInMemory = TrainingTable.MostCellsInMemory,
    };

    /// <summary>The single capabilities, in snake_case.</summary>
    private static IEnumerable<string> Names(Capabilities capabilities) => Enum.GetValues<Capabilities>()
        .Where(one => BitOperations.IsPow2((int)one) && capabilities.HasFlag(one))
        .Select(one => JobFailure.UpperSnake(one).ToLowerInvariant());

    private static V1.MethodOption Describe(Synthesis.MethodOption option)
    {
        var described = new V1.MethodOption
        {
            Name = option.Name,
            Kind = option.Kind switch
            {
                MethodOptionKind.Integer => V1.MethodOption.Types.Kind.Integer,
                MethodOptionKind.Number => V1.MethodOption.Types.Kind.Number,
                MethodOptionKind.Flag => V1.MethodOption.Types.Kind.Flag,
                MethodOptionKind.Choice => V1.MethodOption.Types.Kind.Choice,
                _ => V1.MethodOption.Types.Kind.Text,
            },
            Description = option.Description,
            DefaultValue = option.Default,
            Allowed = option.Allowed,
            Choices = { option.Choices },
        };
        if (option.Least is { } least) described.Least = least;
        if (option.Most is { } most) described.Most = most;
        return described;
    }
}
