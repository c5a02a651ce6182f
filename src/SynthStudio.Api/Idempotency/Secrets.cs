using System.Collections.Concurrent;
using Google.Api;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace SynthStudio.Api.Idempotency;

/// <summary>Takes secrets out of messages: the fields that their protos mark as only coming in (<c>INPUT_ONLY</c>).</summary>
internal static class Secrets
{
    private static readonly ConcurrentDictionary<MessageDescriptor, bool> Known = new();

    /// <summary>The message without its secrets: itself where its kind has none.</summary>
    public static IMessage Without(IMessage message)
    {
        if (!CanHold(message.Descriptor)) return message;
        var copy = message.Descriptor.Parser.ParseFrom(message.ToByteArray());
        Clear(copy);
        return copy;
    }

    private static bool CanHold(MessageDescriptor type) => Known.GetOrAdd(type, found => Reaches(found, []));

    private static bool Reaches(MessageDescriptor type, HashSet<MessageDescriptor> seen) =>
        seen.Add(type) && type.Fields.InDeclarationOrder()
            .Any(field => IsSecret(field) || (field.FieldType == FieldType.Message && Reaches(field.MessageType, seen)));

    private static void Clear(IMessage message)
    {
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            if (IsSecret(field)) field.Accessor.Clear(message);
            else if (field is { FieldType: FieldType.Message, IsRepeated: false } && field.Accessor.GetValue(message) is IMessage inner)
                Clear(inner);
        }
    }

    private static bool IsSecret(FieldDescriptor field) =>
        field.GetOptions()?.GetExtension(FieldBehaviorExtensions.FieldBehavior)?.Contains(FieldBehavior.InputOnly) == true;
}
