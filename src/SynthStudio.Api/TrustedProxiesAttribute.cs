using System.ComponentModel.DataAnnotations;
using System.Net;

namespace SynthStudio.Api;

/// <summary>Every entry is an IP address or a network.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TrustedProxiesAttribute : ValidationAttribute
{
    /// <summary>The network of an entry, of one address for an address; null when it is neither.</summary>
    public static IPNetwork? Parse(string entry) => IPNetwork.TryParse(entry, out var network) ? network
        : IPAddress.TryParse(entry, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : null;

    protected override ValidationResult? IsValid(object? value, ValidationContext context) =>
        ((IEnumerable<string>)value!).FirstOrDefault(entry => Parse(entry) is null) is { } wrong
            ? new ValidationResult($"holds \"{wrong}\"; each must be an IP address or a network such as 10.0.0.0/8.", [context.MemberName!])
            : ValidationResult.Success;
}
