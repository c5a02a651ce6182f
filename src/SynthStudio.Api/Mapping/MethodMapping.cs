namespace SynthStudio.Api.Mapping;

/// <summary>Methods, from workers to the wire.</summary>
internal static class MethodMapping
{
    public static V1.Method ToProto(this MethodDescription method) => new()
    {
        Name = method.Name,
        Description = method.Summary,
        Options = { method.Options.Select(ToProto) },
        Capabilities = { method.Capabilities },
    };

    private static V1.MethodOption ToProto(MethodOptionDescription option)
    {
        var proto = new V1.MethodOption
        {
            Name = option.Name,
            Kind = option.Kind switch
            {
                MethodOptionKind.Integer => V1.MethodOptionKind.Integer,
                MethodOptionKind.Number => V1.MethodOptionKind.Number,
                MethodOptionKind.Flag => V1.MethodOptionKind.Flag,
                MethodOptionKind.Choice => V1.MethodOptionKind.Choice,
                _ => V1.MethodOptionKind.Text,
            },
            Description = option.Description,
            DefaultValue = option.Default,
            Allowed = option.Allowed,
            Choices = { option.Choices },
        };
        if (option.Least is { } least) proto.Least = least;
        if (option.Most is { } most) proto.Most = most;
        return proto;
    }
}
