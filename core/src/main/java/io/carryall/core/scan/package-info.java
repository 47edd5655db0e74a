/**
 * What a scan does with the folders that it meets: which are left out, which need not be enumerated, and where each goes. In two halves, because the target is only opened where the ledger does not know the way already:
 * {@link io.carryall.core.scan.ScanPlan} from the source and the ledger alone, {@link io.carryall.core.scan.Destination} with the target's folders.
 */
package io.carryall.core.scan;
