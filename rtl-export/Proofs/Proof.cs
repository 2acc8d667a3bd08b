// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace RtlExport.Proofs;

/// <summary>A property of one or a few modules that a solver checks for every input and state within a bound.</summary>
/// <param name="Name">Unique name, words joined by <c>_</c>.</param>
/// <param name="Property">The property's module and file below <c>formal/</c>, whose head says what is proved.</param>
/// <param name="Cycles">Clock cycles from the start that are checked; an assertion is checked at the edge that ends its cycle, so that 2 check every input of what is combinational.</param>
/// <param name="Modules">Modules that it is about.</param>
/// <param name="Parameters">Parameters of the property.</param>
public sealed record Proof(string Name, string Property, int Cycles, ImmutableArray<string> Modules, ImmutableArray<(string Name, int Value)> Parameters);

/// <summary>How a proof ended.</summary>
public enum ProofVerdict
{
    /// <summary>The property holds.</summary>
    Proved,

    /// <summary>The solver found a case in which it does not.</summary>
    Refuted,

    /// <summary>The solver came to no end within its time.</summary>
    Undecided,
}

/// <summary>The result of a proof.</summary>
/// <param name="Proof">What was to be proved.</param>
/// <param name="Verdict">How it ended.</param>
/// <param name="Seconds">Time of Yosys and solver.</param>
/// <param name="Counterexample">The assertion that does not hold, with its place; empty for a proof.</param>
public sealed record ProofResult(Proof Proof, ProofVerdict Verdict, double Seconds, string Counterexample);
