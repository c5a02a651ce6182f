using System.Text.Json;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Errors;

namespace SynthStudio.Api.Services;

/// <summary>Checks of single fields; each failure names the field.</summary>
internal static class Check
{
    private const int LongestDisplayName = 200;

    /// <summary>A message that must be there.</summary>
    public static T Present<T>(T? message, string field) where T : class => message ?? throw ApiErrors.InvalidField(field, "is required.");

    /// <summary>A name for people: they see it in terminals, logs and pages.</summary>
    public static string DisplayName(string text, string field)
    {
        if (text.Length > LongestDisplayName) throw ApiErrors.InvalidField(field, $"has {text.Length} characters; at most {LongestDisplayName} are allowed.");
        return text.Any(ErrorText.IsHarmful)
            ? throw ApiErrors.InvalidField(field, "holds characters that steer terminals, such as line ends and escapes.")
            : text;
    }

    /// <summary>Whether a text that nobody typed here, such as what another provider calls somebody, may be a name for people.</summary>
    public static bool MayBeDisplayName(string text) => text.Length <= LongestDisplayName && !text.Any(ErrorText.IsHarmful);

    /// <summary>The name of another resource of the same project. One of another project is not found, whether it is there or not.</summary>
    public static string Reference(string name, ResourcePattern pattern, string project, string field)
    {
        if (!pattern.Matches(name)) throw ApiErrors.InvalidField(field, $"must be a name like {pattern}.", ErrorReasons.InvalidName);
        return ResourceName.Root(name) == project ? name : throw ApiErrors.NotFoundIn(project, name, field);
    }

    /// <summary>Refuses a name that is taken, of something that would be made.</summary>
    public static async Task IsFreeAsync<T>(string name, Func<string, CancellationToken, Task<T?>> find, CancellationToken cancellation)
        where T : class
    {
        if (await find(name, cancellation) is not null) throw ApiErrors.AlreadyExists(name);
    }

    /// <summary>1 to 5; 0 means 3.</summary>
    public static int Priority(int priority) => priority switch
    {
        0 => 3,
        >= 1 and <= 5 => priority,
        _ => throw ApiErrors.InvalidField("priority", "must be 1 (first) to 5."),
    };

    /// <summary>Limits of time, each absent or greater than nothing.</summary>
    public static WorkLimits Limits(V1.JobLimits? limits, string field)
    {
        return limits is null ? WorkLimits.None : new(Read(limits.Queue, "queue"), Read(limits.Attempt, "attempt"), Read(limits.Total, "total"));

        TimeSpan? Read(Google.Protobuf.WellKnownTypes.Duration? limit, string name) => limit is null ? null
            : limit.ToTimeSpan() is { Ticks: > 0 } time ? time
            : throw ApiErrors.InvalidField($"{field}.{name}", "must be longer than nothing; leave it out for no limit.");
    }

    /// <summary>A text that is a JSON object.</summary>
    public static void JsonObject(string json, string field)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw ApiErrors.InvalidField(field, "must be a JSON object.");
        }
        catch (JsonException e)
        {
            throw ApiErrors.InvalidField(field, $"is not JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.");
        }
    }

    /// <summary>64 hexadecimal digits, or empty for none; answers them in lower case, or null.</summary>
    public static string? Sha256(string text, string field)
    {
        if (text.Length == 0) return null;
        return text.Length == 64 && text.All(char.IsAsciiHexDigit)
            ? text.ToLowerInvariant()
            : throw ApiErrors.InvalidField(field, "must be 64 hexadecimal digits.");
    }
}
