using System.Collections;
using System.Collections.Concurrent;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using SynthStudio.Api.Errors;

namespace SynthStudio.Api.Requests;

/// <summary>
/// What the wire allows and no field of ours does: moments and durations outside of their range, and the character NUL in texts, which PostgreSQL cannot
/// keep. Found by reflection, so that no service has to think of it.
/// </summary>
internal static class RequestShape
{
    /// <summary>±10,000 years of 365.25 days, in seconds: what the protocol says a duration may be.</summary>
    private const long LongestDuration = 315_576_000_000;

    /// <summary>From 0001-01-01 to 9999-12-31, in seconds since 1970.</summary>
    private const long FirstMoment = -62_135_596_800, LastMoment = 253_402_300_799;

    private const int Nanos = 1_000_000_000;

    private static readonly ConcurrentDictionary<MessageDescriptor, FieldDescriptor[]> Looked = new();

    /// <exception cref="RpcException">INVALID_ARGUMENT: a field holds what it cannot hold.</exception>
    public static void Check(IMessage request) => Check(request, "");

    private static void Check(IMessage message, string path)
    {
        switch (message)
        {
            case Timestamp moment when moment.Seconds is < FirstMoment or > LastMoment || moment.Nanos is < 0 or >= Nanos:
                throw ApiErrors.InvalidField(path, "is no moment between the years 1 and 9999.");
            case Duration duration when Math.Abs((decimal)duration.Seconds) > LongestDuration || Math.Abs((long)duration.Nanos) >= Nanos
                || Math.Sign(duration.Seconds) * Math.Sign(duration.Nanos) < 0:
                throw ApiErrors.InvalidField(path, "is no duration: at most 10,000 years, seconds and nanoseconds of one sign.");
        }

        foreach (var field in Looked.GetOrAdd(message.Descriptor, Find))
        {
            var name = path.Length == 0 ? field.Name : $"{path}.{field.Name}";
            switch (field.Accessor.GetValue(message))
            {
                case IDictionary map:
                    foreach (DictionaryEntry entry in map)
                    {
                        CheckValue(entry.Key, name);
                        CheckValue(entry.Value, name);
                    }

                    break;
                case IList list:
                    foreach (var item in list) CheckValue(item, name);
                    break;
                case var value:
                    CheckValue(value, name);
                    break;
            }
        }
    }

    private static void CheckValue(object? value, string path)
    {
        if (value is IMessage message) Check(message, path);
        else if (value is string text && text.Contains('\0', StringComparison.Ordinal)) throw ApiErrors.InvalidField(path, "holds the character NUL.");
    }

    /// <summary>The fields that can hold something of the kind.</summary>
    private static FieldDescriptor[] Find(MessageDescriptor type) =>
        [.. type.Fields.InDeclarationOrder().Where(field => field.IsMap || field.FieldType is FieldType.String or FieldType.Message)];
}
