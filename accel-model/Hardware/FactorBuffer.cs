// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Specification;

namespace AccelModel.Hardware;

/// <summary>
/// From load to the array, in place of the weight buffer: elements of an activation tensor, read a line at a time from two pitches: element <c>c * lanes + l</c> of the line is
/// <c>address + c * column_pitch + l * lane_pitch</c>. Of size 0 in a design without activations as weights.
/// </summary>
public sealed class FactorBuffer(AcceleratorSpec spec) : ElementBuffer("factor", spec.Buffers.Factor.Size, spec.WeightLineElements, spec)
{
    private readonly int _lanes = FactorLayout.LanesOfLine(spec);
    private readonly Register<bool> _isSource = new();

    /// <summary>Whether the line that was read last is from here, not from the weight buffer.</summary>
    public bool IsSource => _isSource.Current;

    /// <summary>Says in the cycle of a read which buffer it is of.</summary>
    public void Select(bool isSource) => _isSource.Next = isSource;

    /// <summary>Gives the address of a line's first element, and its pitches. Elements past the end never take part.</summary>
    public void Read(int address, int columnPitch, int lanePitch)
    {
        for (int i = 0; i < Offsets.Length; i++)
        {
            Offsets[i] = (i / _lanes * columnPitch) + (i % _lanes * lanePitch);
        }
        ReadAnywhere(address);
    }

    /// <inheritdoc/>
    public override void Advance()
    {
        base.Advance();
        _isSource.Advance();
    }
}
