using SynthStudio.Privacy.Concentrated;
using SynthStudio.Privacy.Gaussian;
using SynthStudio.Privacy.Loss;
using SynthStudio.Privacy.Renyi;

namespace SynthStudio.Privacy;

/// <summary>All accountants, by name.</summary>
public static class Accountants
{
    /// <summary>The one whose figures are shown unless another is asked for.</summary>
    public const string Default = "pld";

    public static IReadOnlyList<IPrivacyAccountant> All { get; } = [new PldAccountant(), new RdpAccountant(), new ZcdpAccountant(), new GdpAccountant()];

    /// <exception cref="PrivacyException">There is none of that name; the message lists those there are.</exception>
    public static IPrivacyAccountant Get(string name) =>
        All.FirstOrDefault(accountant => accountant.Name == name)
        ?? throw new PrivacyException(
            PrivacyError.ParameterOutOfRange, $"There is no accountant '{name}'. There is: {string.Join(", ", All.Select(a => a.Name))}.", "accountant");
}
