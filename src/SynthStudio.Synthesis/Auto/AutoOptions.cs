namespace SynthStudio.Synthesis.Auto;

/// <summary>Options of the method.</summary>
/// <param name="ForConditions">Whether rows will mostly be drawn under conditions.</param>
/// <param name="ProtectRare">Handed on.</param>
internal sealed record AutoOptions(bool ForConditions, bool ProtectRare)
{
    private const string Rows = "rows", Conditions = "conditions";

    public static IReadOnlyList<MethodOption> Known { get; } =
    [
        MethodOption.Choice("purpose", "What will be drawn: plain rows, or rows under conditions on several columns.", [Rows, Conditions], Rows),
        MethodOption.Flag("protect_rare", "Leave out rare categories and extreme values.", true),
    ];

    /// <exception cref="SynthesisException">An option is unknown or out of range.</exception>
    public static AutoOptions Parse(IReadOnlyDictionary<string, string> given)
    {
        var options = new MethodOptions(AutoSynthesizer.Name, Known, given);
        return new AutoOptions(options.Text("purpose") == Conditions, options.Flag("protect_rare"));
    }
}
