namespace SynthStudio.Api.Authorization;

/// <summary>Takes resource names apart. They have been checked against their pattern.</summary>
internal static class ResourceName
{
    /// <summary>The first two segments: <c>projects/{project}</c> or <c>users/{user}</c>.</summary>
    public static string Root(string name)
    {
        var first = name.IndexOf('/');
        var second = first < 0 ? -1 : name.IndexOf('/', first + 1);
        return second < 0 ? name : name[..second];
    }

    /// <summary>The last segment.</summary>
    public static string Id(string name) => name[(name.LastIndexOf('/') + 1)..];

    /// <summary>The name without its last segment, of a singleton such as a profile.</summary>
    public static string Parent(string name) => name[..name.LastIndexOf('/')];

    /// <summary>The resource in the same project under another collection.</summary>
    public static string Sibling(string name, string collection) => $"{Root(name)}/{collection}/{Id(name)}";
}
