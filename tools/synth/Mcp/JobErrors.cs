using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using SynthStudio.V1;

namespace SynthStudio.Cli.Mcp;

/// <summary>Why jobs failed, without words: workers write them about tables that they could not use, and may repeat cells.</summary>
internal static class JobErrors
{
    /// <summary>
    /// Leaves of each error of a job in an answer its class, reason, row, and column or option. Of a table that was not read it leaves no
    /// column: of one without a header that is a cell.
    /// </summary>
    public static void Reduce(IMessage answer)
    {
        if (answer is JobError error) error.Message = "";
        if (answer is Dataset { Error: { } unread }) unread.Subject = "";
        if (answer is Job { Kind: JobKind.Profiling, Error: { } refused }) refused.Subject = "";
        foreach (var inner in Inner(answer)) Reduce(inner);
    }

    private static IEnumerable<IMessage> Inner(IMessage message)
    {
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            if (field.FieldType != FieldType.Message || field.IsMap) continue;
            var value = field.Accessor.GetValue(message);
            if (value is IMessage one) yield return one;
            if (!field.IsRepeated) continue;
            foreach (var item in ((IEnumerable)value).OfType<IMessage>()) yield return item;
        }
    }
}
