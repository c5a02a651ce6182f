using SynthStudio.Catalog;
using SynthStudio.Orchestration;
using SynthStudio.Privacy.Ledger;

namespace SynthStudio.LedgerTorture;

/// <summary>Ledgers with a fault built in.</summary>
internal static class Faults
{
    public static LedgerServices Plant(LedgerServices services, PlantedFault fault) => fault switch
    {
        PlantedFault.RefundAfterTouch => services with
        {
            Rules = (state, entry, reservation) => entry is Released && reservation is { State: ReservationState.Touched } touched
                ? state.After(entry, touched with { State = ReservationState.Reserved })
                : state.After(entry, reservation),
        },
        PlantedFault.CheckThenAct => services with
        {
            // The transaction that writes does not look: who asked has looked before.
            Rules = (state, entry, reservation) => entry is Reserved asked
                ? asked.Part is null
                    ? state with { Spending = state.Spending.Reserve(asked.Price) }
                    : state with { Parts = state.Parts.Change(asked.Part, spent => spent.Reserve(asked.Price)) }
                : state.After(entry, reservation),
        },
        _ => services,
    };

    /// <summary>Reserves as the fault has it.</summary>
    public static async Task ReserveAsync(PrivacyLedger ledger, BudgetRequest request, PlantedFault fault)
    {
        if (fault == PlantedFault.CheckThenAct)
        {
            var budget = await ledger.GetBudgetAsync(request.Dataset);
            if (budget.Populations.Any(p => p.RemainingEpsilon < request.Terms.Epsilon))
                throw new BudgetExhaustedException(
                    request.Dataset,
                    new BudgetFigures
                    {
                        AskedEpsilon = request.Terms.Epsilon, AskedDelta = request.Terms.Delta, BudgetEpsilon = 0,
                    });
            await Task.Delay(5); // Long enough for others to come in between, as on a busy machine.
        }

        await ledger.ReserveAsync(request, CancellationToken.None);
    }
}
