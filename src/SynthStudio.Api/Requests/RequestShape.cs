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
    public static void Check(IMessage request)
    {
        if (FaultIn(request) is { } fault) throw ApiErrors.InvalidField(fault.Field, fault.Problem);
    }

    /// <summary>The first fault of a message's fields; null for none.</summary>
    private static Fault? FaultIn(IMessage message)
    {
        foreach (var field in Looked.GetOrAdd(message.Descriptor, Find))
        {
            if (FaultOf(field.Accessor.GetValue(message)) is { } fault) return fault.Within(field.Name);
        }

        return null;
    }

    /// <summary>The first fault of a field's value; null for none.</summary>
    private static Fault? FaultOf(object? value)
    {
        switch (value)
        {
            case string text:
                return text.Contains('\0', StringComparison.Ordinal) ? new Fault("", "holds the character NUL.") : null;
            case Timestamp moment:
                return moment.Seconds is < FirstMoment or > LastMoment || moment.Nanos is < 0 or >= Nanos ? new Fault("", "is no moment between the years 1 and 9999.") : null;
            case Duration duration:
                return IsDuration(duration) ? null : new Fault("", "is no duration: at most 10,000 years, seconds and nanoseconds of one sign.");
            case IMessage message:
                return FaultIn(message);
            case IDictionary { Count: > 0 } map:
                foreach (DictionaryEntry entry in map)
                {
                    if ((FaultOf(entry.Key) ?? FaultOf(entry.Value)) is { } fault) return fault;
                }

                return null;
            case IList { Count: > 0 } list:
                foreach (var item in list)
                {
                    if (FaultOf(item) is { } fault) return fault;
                }

                return null;
            default:
                return null;
        }
    }

    private static bool IsDuration(Duration duration) =>
        duration.Seconds is >= -LongestDuration and <= LongestDuration && duration.Nanos is > -Nanos and < Nanos
        && Math.Sign(duration.Seconds) * Math.Sign(duration.Nanos) >= 0;

    /// <summary>The fields that can hold something of the kind.</summary>
    private static FieldDescriptor[] Find(MessageDescriptor type) =>
        [.. type.Fields.InDeclarationOrder().Where(field => field.IsMap || field.FieldType is FieldType.String or FieldType.Message)];

    /// <summary>What a field cannot hold; which field that is, is put together on the way out of the messages that it is in.</summary>
    /// <param name="Field">Path of the field in the value that was looked at; empty for that itself.</param>
    /// <param name="Problem">What is wrong.</param>
    private sealed record Fault(string Field, string Problem)
    {
        public Fault Within(string field) => this with { Field = Field.Length == 0 ? field : $"{field}.{Field}" };
    }
}
