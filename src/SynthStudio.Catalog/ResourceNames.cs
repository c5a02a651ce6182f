namespace SynthStudio.Catalog;

internal static class ResourceNames
{
    /// <summary>The project in <c>projects/{project}/...</c>.</summary>
    public static string Project(string name)
    {
        var end = name.StartsWith("projects/", StringComparison.Ordinal) ? name.IndexOf('/', "projects/".Length) : -1;
        return end < 0 ? throw new ArgumentException($"{name} is not the name of a resource in a project.", nameof(name)) : name[..end];
    }
}
