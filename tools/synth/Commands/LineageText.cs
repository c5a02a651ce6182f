using System.Text;
using SynthStudio.V1;

namespace SynthStudio.Cli.Commands;

/// <summary>A lineage as a tree of text, or as a graph in the language of Graphviz.</summary>
internal static class LineageText
{
    /// <summary>Origins at the left, what came of them below and indented; what has several origins is told once, and named again.</summary>
    public static string Tree(Lineage lineage)
    {
        var nodes = lineage.Nodes.ToDictionary(n => n.Id, StringComparer.Ordinal);
        var children = lineage.Edges.ToLookup(e => e.From, e => e.To);
        var withOrigin = lineage.Edges.Select(e => e.To).ToHashSet(StringComparer.Ordinal);
        var text = new StringBuilder();
        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach (var root in lineage.Nodes.Where(n => !withOrigin.Contains(n.Id))) Add(root.Id, 0);
        if (lineage.Truncated) text.AppendLine("There is more than is shown.");
        return text.ToString().TrimEnd();

        void Add(string id, int depth)
        {
            var isNew = told.Add(id);
            text.Append(' ', 2 * depth).AppendLine(Line(nodes[id], id == lineage.Resource) + (isNew ? "" : ", see above"));
            if (!isNew) return;
            foreach (var child in children[id]) Add(child, depth + 1);
        }
    }

    public static string Dot(Lineage lineage)
    {
        var text = new StringBuilder("digraph lineage {\n  rankdir=LR;\n  node [shape=box];\n");
        foreach (var node in lineage.Nodes)
        {
            text.Append($"  {Quote(node.Id)} [label={Quote($"{Names.Of(node.Kind)}\n{node.Label}")}{(node.Exists ? "" : ", style=dashed")}{(node.Id == lineage.Resource ? ", penwidth=2" : "")}];\n");
        }

        foreach (var edge in lineage.Edges)
        {
            text.Append($"  {Quote(edge.From)} -> {Quote(edge.To)};\n");
        }

        return text.Append('}').ToString();
    }

    private static string Line(LineageNode node, bool isAsked)
    {
        var facts = string.Join(", ", node.Facts.OrderBy(f => f.Key, StringComparer.Ordinal).Where(f => f.Key is "state" or "method" or "rows" or "epsilon" or "seed").Select(f => $"{f.Key} {f.Value}"));
        return $"{(isAsked ? "* " : "")}{Names.Of(node.Kind)} {node.Label} [{ShortId(node.Id)}]{(facts.Length > 0 ? $" {facts}" : "")}{(node.Exists ? "" : " (deleted)")}";
    }

    private static string ShortId(string id) => id.StartsWith("config:", StringComparison.Ordinal) ? id[..Math.Min(id.Length, 19)] : id;

    private static string Quote(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";
}
