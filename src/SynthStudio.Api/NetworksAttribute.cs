using System.ComponentModel.DataAnnotations;
using System.Net;

namespace SynthStudio.Api;

/// <summary>Each is a network, as an address and the length of its prefix, or, where they are allowed, an address by itself.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NetworksAttribute : ValidationAttribute
{
    /// <summary>Whether addresses are allowed.</summary>
    public bool OrAddresses { get; init; }

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var wrong = (value as IEnumerable<string> ?? [])
            .FirstOrDefault(text => !IPNetwork.TryParse(text, out _) && !(OrAddresses && IPAddress.TryParse(text, out _)));
        return wrong is null
            ? ValidationResult.Success
            : new ValidationResult($"holds \"{wrong}\"; it must be a network like 10.20.0.0/16{(OrAddresses ? ", or an address like 10.0.0.7" : "")}.", [validationContext.MemberName!]);
    }
}
