using System.Text;
using Google.Api;
using Google.Protobuf.Reflection;

namespace SynthStudio.Api.OpenApi;

/// <summary>How a method is called over HTTP (google.api.http).</summary>
/// <param name="Verb">Lower case: get, post, …</param>
/// <param name="Path">With ids in braces, <c>/v1/projects/{project}/datasets</c>.</param>
/// <param name="Ids">The ids in the path, in order, each with the field whose part it is.</param>
/// <param name="Body">The field that the body holds; * for all that are not in the path; empty for no body.</param>
internal sealed record HttpBinding(string Verb, string Path, IReadOnlyList<(string Id, string Field)> Ids, string Body)
{
    /// <summary>All bindings of a method; none for one that is not called so.</summary>
    public static IReadOnlyList<HttpBinding> Of(MethodDescriptor method) =>
        method.GetOptions()?.GetExtension(AnnotationsExtensions.Http) is { } rule ? [.. rule.AdditionalBindings.Prepend(rule).Select(Read)] : [];

    private static HttpBinding Read(HttpRule rule)
    {
        var (verb, template) = rule.PatternCase switch
        {
            HttpRule.PatternOneofCase.Get => ("get", rule.Get),
            HttpRule.PatternOneofCase.Post => ("post", rule.Post),
            HttpRule.PatternOneofCase.Put => ("put", rule.Put),
            HttpRule.PatternOneofCase.Patch => ("patch", rule.Patch),
            HttpRule.PatternOneofCase.Delete => ("delete", rule.Delete),
            _ => throw new NotSupportedException($"The pattern {rule} is of no kind that is known here."),
        };
        var ids = new List<(string, string)>();
        return new HttpBinding(verb, Expand(template, ids), ids, rule.Body);
    }

    /// <summary>Writes the variables of a template out: <c>{parent=projects/*}</c> becomes <c>projects/{project}</c>.</summary>
    private static string Expand(string template, List<(string Id, string Field)> ids)
    {
        var path = new StringBuilder();
        for (var start = 0; start < template.Length;)
        {
            var open = template.IndexOf('{', start);
            if (open < 0) return path.Append(template.AsSpan(start)).ToString();
            var close = template.IndexOf('}', open);
            path.Append(template.AsSpan(start, open - start));
            var variable = template[(open + 1)..close].Split('=');
            var segments = (variable.Length > 1 ? variable[1] : "*").Split('/');
            for (var i = 0; i < segments.Length; i++)
            {
                if (i > 0) path.Append('/');
                if (segments[i] != "*")
                {
                    path.Append(segments[i]);
                    continue;
                }

                var id = i > 0 ? Singular(segments[i - 1]) : variable[0];
                ids.Add((id, variable[0]));
                path.Append('{').Append(id).Append('}');
            }

            start = close + 1;
        }

        return path.ToString();
    }

    private static string Singular(string collection) => collection.EndsWith("ies", StringComparison.Ordinal) ? collection[..^3] + "y"
        : collection.EndsWith('s') ? collection[..^1] : collection;
}
