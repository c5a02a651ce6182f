using Google.Protobuf.WellKnownTypes;
using SynthStudio.Api.Errors;

namespace SynthStudio.Api.Services;

/// <summary>Which fields an update changes.</summary>
internal static class UpdateMasks
{
    /// <summary>The fields of the mask in proto names. JSON clients may write them in camel case; an empty mask or a star means all.</summary>
    /// <param name="mask">As the client sent it; may be null.</param>
    /// <param name="known">What can be changed.</param>
    public static IReadOnlyCollection<string> Resolve(FieldMask? mask, params string[] known)
    {
        if (mask is null || mask.Paths.Count == 0 || mask.Paths is ["*"]) return known;
        var paths = mask.Paths.Select(SnakeCase).ToHashSet(StringComparer.Ordinal);
        return paths.FirstOrDefault(path => !known.Contains(path)) is { } unknown
            ? throw ApiErrors.InvalidField("update_mask", $"{unknown} cannot be changed; only {string.Join(", ", known)}.")
            : paths;
    }

    private static string SnakeCase(string path) =>
        string.Concat(path.Select(c => char.IsAsciiLetterUpper(c) ? "_" + char.ToLowerInvariant(c) : c.ToString()));
}
