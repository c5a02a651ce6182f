using SynthStudio.Catalog;

namespace SynthStudio.Api.Identity;

/// <summary>Between the scope of a key and how the catalog stores it: its name, or nothing for all that the owner may do.</summary>
internal static class ApiKeyScopes
{
    public static IReadOnlyList<string> Store(AccessScope scope) => scope switch
    {
        AccessScope.Read => ["read"],
        AccessScope.Write => ["write"],
        _ => [],
    };

    public static AccessScope Load(ApiKeyRecord key) => key.Scopes switch
    {
        [] => AccessScope.Admin,
        ["write"] => AccessScope.Write,
        _ => AccessScope.Read,
    };
}
