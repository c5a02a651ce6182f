using System.Security.Cryptography;
using System.Text;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Identity;

namespace SynthStudio.Api.Services;

/// <summary>Chooses the ids of new resources.</summary>
internal static class ResourceIds
{
    /// <summary>
    /// The id that the client chose; else one that follows from its request id, so that a repeat after a crash meets what the first call
    /// left; else a new one.
    /// </summary>
    public static string Choose(ServerCallContext context, string field, string chosen, string requestId)
    {
        if (chosen.Length > 0)
        {
            return ResourcePattern.IsId(chosen) ? chosen : throw ApiErrors.InvalidField(
                field, "must be 1 to 63 lower-case letters, digits and hyphens, starting with a letter or digit.");
        }

        return requestId.Length > 0 ? FromRequest(context, requestId) : New();
    }

    public static string New() => Guid.CreateVersion7().ToString("N");

    /// <summary>An id of its own for each caller, method and request id.</summary>
    public static string FromRequest(ServerCallContext context, string requestId)
    {
        var source = $"{Caller.Of(context).User}\n{context.Method}\n{Guid.Parse(requestId):D}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(source))[..16]);
    }
}
