using SynthStudio.Synthesis.Private;

namespace SynthStudio.Synthesis.Auto;

/// <summary>Options of the method.</summary>
/// <param name="ForConditions">Whether rows will mostly be drawn under conditions.</param>
/// <param name="ProtectRare">Handed on to a method without terms.</param>
/// <param name="Domain">What was given of <see cref="DomainOptions"/>, handed on to a private method.</param>
internal sealed record AutoOptions(bool ForConditions, bool ProtectRare, IReadOnlyDictionary<string, string> Domain)
{
    private const string Rows = "rows", Conditions = "conditions";

    private static readonly IReadOnlyList<MethodOption> OfDomain = DomainOptions.Known(bins: 32);

    public static IReadOnlyList<MethodOption> Known { get; } =
    [
        MethodOption.Choice("purpose", "What will be drawn: plain rows, or rows under conditions on several columns.", [Rows, Conditions], Rows),
        MethodOption.ProtectRare,
        .. OfDomain,
    ];

    /// <exception cref="SynthesisException">
    /// An option is unknown or out of range, or decides nothing: it is for trainings under privacy terms and there are none, or the other way round.
    /// </exception>
    public static AutoOptions Parse(FitRequest request)
    {
        var options = new MethodOptions(AutoSynthesizer.Name, Known, request.Options);
        var domain = request.Options.Where(given => OfDomain.Any(option => option.Name == given.Key)).ToDictionary();
        if (request.Privacy is null && domain.Keys.FirstOrDefault() is { } stray)
            throw Idle(stray, "for trainings under privacy terms: give epsilon and delta, or leave it out");
        if (request.Privacy is not null && request.Options.Keys.FirstOrDefault(name => !domain.ContainsKey(name)) is { } settled)
            throw Idle(settled, "for trainings without privacy terms, which decide that themselves: leave it out");
        return new AutoOptions(options.Text("purpose") == Conditions, options.Flag("protect_rare"), domain);
    }

    private static SynthesisException Idle(string option, string why) => new(SynthesisError.UnknownOption, $"The option '{option}' is {why}.", option);
}
