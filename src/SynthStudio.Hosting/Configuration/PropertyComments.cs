using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace SynthStudio.Hosting;

/// <summary>The comments of properties as text, from the documentation files that the compiler writes beside the assemblies.</summary>
internal static partial class PropertyComments
{
    private static readonly ConcurrentDictionary<string, IReadOnlyDictionary<string, XElement>> Files = new(StringComparer.Ordinal);

    /// <summary>The comment's summary in one line; empty when there is none.</summary>
    public static string Of(PropertyInfo property) => Of($"P:{property.DeclaringType!.FullName}.{property.Name}", property.DeclaringType.Assembly);

    private static string Of(string member, Assembly assembly)
    {
        if (!Files.GetOrAdd(assembly.Location, Read).TryGetValue(member, out var comment)) return "";
        if (comment.Element("inheritdoc")?.Attribute("cref")?.Value is { } other) return Of(other, AssemblyOf(other));
        return comment.Element("summary") is { } summary ? Text(summary) : "";
    }

    private static string Text(XElement element) => Spaces().Replace(
        string.Concat(element.Nodes().Select(node => node switch
        {
            XElement { Name.LocalName: "see" } see => $"`{see.Attribute("cref")!.Value.Split('.')[^1]}`",
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement other => Text(other),
            XText text => text.Value,
            _ => "",
        })),
        " ").Trim();

    /// <summary>Where the member of another project's class is documented: our projects are named as their namespaces.</summary>
    private static Assembly AssemblyOf(string member)
    {
        var name = AppDomain.CurrentDomain.GetAssemblies().Select(a => a.GetName().Name!)
            .Where(n => member.StartsWith($"P:{n}.", StringComparison.Ordinal)).MaxBy(n => n.Length);
        return name is null ? typeof(PropertyComments).Assembly : Assembly.Load(name);
    }

    private static Dictionary<string, XElement> Read(string assembly)
    {
        var file = Path.ChangeExtension(assembly, ".xml");
        return File.Exists(file)
            ? XDocument.Load(file).Descendants("member").ToDictionary(m => m.Attribute("name")!.Value, StringComparer.Ordinal)
            : [];
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
