using Google.Protobuf.Reflection;
using SynthStudio.Worker.V1;

namespace SynthStudio.Orchestration.Tests;

/// <summary>
/// What a silo and a worker say to each other, a line a fact. A silo starts the worker of its own version; but what is in a message lives on where one is
/// stored, and a model's or an order's terms are read by the next version.
/// </summary>
internal static class WorkerContract
{
    public static IReadOnlyList<string> Lines()
    {
        var file = WorkerReflection.Descriptor;
        return [.. file.MessageTypes.SelectMany(Describe).Concat(file.EnumTypes.SelectMany(Describe)).Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Describe(MessageDescriptor message) =>
    [
        .. message.Fields.InFieldNumberOrder().Select(f =>
            $"{message.FullName} field {f.FieldNumber} {f.Name} {(f.IsRepeated ? "repeated " : f.HasPresence ? "optional " : "")}{TypeOf(f)}{(f.RealContainingOneof is { } choice ? $" of {choice.Name}" : "")}"),
        .. message.NestedTypes.SelectMany(Describe), .. message.EnumTypes.SelectMany(Describe),
    ];

    private static IEnumerable<string> Describe(EnumDescriptor type) => type.Values.Select(v => $"{type.FullName} value {v.Number} {v.Name}");

    private static string TypeOf(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message => field.MessageType.FullName,
        FieldType.Enum => field.EnumType.FullName,
        var simple => simple.ToString().ToLowerInvariant(),
    };
}
