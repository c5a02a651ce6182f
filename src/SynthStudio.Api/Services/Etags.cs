using System.Globalization;
using SynthStudio.Api.Errors;

namespace SynthStudio.Api.Services;

/// <summary>Etags are versions in quotes (AIP-154).</summary>
internal static class Etags
{
    public static string Of(long version) => $"\"{version.ToString(CultureInfo.InvariantCulture)}\"";

    /// <summary>Checks an etag that a client sent; an empty one matches everything.</summary>
    public static void Check(string etag, string name, long version)
    {
        if (etag.Length > 0 && etag != Of(version)) throw ApiErrors.EtagMismatch(name);
    }
}
